import { StrKey } from "@stellar/stellar-sdk";
import { invalidParams, type Params } from "./json-rpc.ts";

/** Refuses parameters that a method does not have: a misspelled one would be ignored otherwise. */
export function allowOnly(params: Params, names: readonly string[]): void {
  const unknown = Object.keys(params).find((name) => !names.includes(name));
  if (unknown !== undefined) throw invalidParams(`unknown parameter ${unknown}`);
}

function requiredString(params: Params, name: string): string {
  const value = params[name];
  if (typeof value !== "string" || value === "") throw invalidParams(`${name} must be a string`);
  return value;
}

export function requiredContractId(params: Params, name: string): string {
  const value = requiredString(params, name);
  if (!StrKey.isValidContract(value)) throw invalidParams(`${name} must be a contract id (C…)`);
  return value;
}

/** Stroops as text: a whole number above zero. */
export function requiredAmount(params: Params, name: string, most: bigint): bigint {
  const value = params[name];
  if (typeof value !== "string" || !/^[1-9]\d{0,38}$/.test(value) || BigInt(value) > most) {
    throw invalidParams(`${name} must be a positive whole number of stroops, as a string`);
  }
  return BigInt(value);
}

/** A list of text, or nothing when it is something else. */
export function readStrings(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: unknown[] = value;
  return items.every((item) => typeof item === "string") ? items : undefined;
}

export function optionalInteger(
  params: Params,
  name: string,
  { least, most }: { least: number; most: number },
): number | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  const isInteger = typeof value === "number" && Number.isInteger(value);
  if (!isInteger || value < least || value > most) {
    throw invalidParams(`${name} must be a whole number from ${least} to ${most}`);
  }
  return value;
}
