import { invalidParams, isObject, type Params } from "../json-rpc.ts";
import { allowOnly, optionalInteger, readStrings } from "../params.ts";

/** Faults that happen to the next so many occasions. */
export const COUNTERS = [
  "lostBeforeAccept",
  "lostAfterAccept",
  "tryAgainLater",
  "dropTransactions",
  "staleReads",
  "notFoundRace",
  "archivedEntries",
  "slowLedgers",
  "reorderedLedgers",
] as const;

export type Counter = (typeof COUNTERS)[number];

/** A fault that may befall every call. */
export interface CallFault {
  readonly httpStatus?: number;
  readonly delayMs?: number;
  readonly rpcError?: { readonly code: number; readonly message: string };
  readonly contractError?: number;
  readonly probability: number;
  /** How many more calls it befalls; without it, all. */
  readonly count?: number;
  /** The only methods it befalls; without it, all of the network's. */
  readonly methods?: readonly string[];
}

export interface FaultChange {
  readonly counters: Partial<Record<Counter, number>>;
  readonly callFault: CallFault | undefined;
}

const KINDS = ["httpStatus", "delayMs", "rpcError", "contractError"] as const;
const MODIFIERS = ["probability", "count", "methods"] as const;
const MOST = 1_000_000_000;

/**
 * Reads the parameters of `sim_setFaults`, all of them before anything is changed.
 * @throws {JsonRpcError} invalid params
 */
export function readFaultChange(params: Params, networkMethods: readonly string[]): FaultChange {
  allowOnly(params, [...KINDS, ...MODIFIERS, ...COUNTERS]);
  const counters: Partial<Record<Counter, number>> = {};
  for (const name of COUNTERS) {
    const value = optionalInteger(params, name, { least: 0, most: MOST });
    if (value !== undefined) counters[name] = value;
  }
  const hasKind = KINDS.some((name) => params[name] !== undefined);
  const modifier = MODIFIERS.find((name) => params[name] !== undefined);
  if (!hasKind && modifier) {
    throw invalidParams(`${modifier} belongs to one of ${KINDS.join(", ")}`);
  }
  return { counters, callFault: hasKind ? readCallFault(params, networkMethods) : undefined };
}

function readCallFault(params: Params, networkMethods: readonly string[]): CallFault {
  const httpStatus = optionalInteger(params, "httpStatus", { least: 400, most: 599 });
  const delayMs = optionalInteger(params, "delayMs", { least: 0, most: 600_000 });
  const contractError = optionalInteger(params, "contractError", { least: 1, most: 0xffff_ffff });
  const count = optionalInteger(params, "count", { least: 1, most: MOST });
  const rpcError = readRpcError(params["rpcError"]);
  const methods = readMethods(params["methods"], networkMethods);
  return {
    probability: readProbability(params["probability"]),
    ...(httpStatus !== undefined && { httpStatus }),
    ...(delayMs !== undefined && { delayMs }),
    ...(rpcError && { rpcError }),
    ...(contractError !== undefined && { contractError }),
    ...(count !== undefined && { count }),
    ...(methods && { methods }),
  };
}

function readProbability(value: unknown): number {
  if (value === undefined) return 1;
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
    throw invalidParams("probability must be a number from 0 to 1");
  }
  return value;
}

function readRpcError(value: unknown): CallFault["rpcError"] {
  if (value === undefined) return undefined;
  if (!isObject(value)) throw invalidParams("rpcError must be {code, message}");
  const { code, message, ...rest } = value;
  const isValid = typeof code === "number" && Number.isInteger(code) && typeof message === "string";
  if (!isValid || Object.keys(rest).length > 0) {
    throw invalidParams("rpcError must be {code, message}");
  }
  return { code, message };
}

function readMethods(
  value: unknown,
  networkMethods: readonly string[],
): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const names = readStrings(value);
  if (!names || names.length === 0 || !names.every((name) => networkMethods.includes(name))) {
    throw invalidParams(`methods must be some of ${networkMethods.join(", ")}`);
  }
  return names;
}
