import type { Burn } from "../burn/burn-repository.ts";
import type { Token } from "./token-repository.ts";

export interface RecordedTokenBurn extends Burn {
  readonly tenantId: string;
}

/** What the memory adapters of tokens, burns and boards share; lost with the process. */
export class MemoryCatalog {
  /** By tenant and address. */
  readonly tokens = new Map<string, Token>();
  /** By tenant, address, transaction and index. */
  readonly burns = new Map<string, RecordedTokenBurn>();

  keyOf(...parts: readonly (string | number)[]): string {
    return JSON.stringify(parts);
  }
}

/** The order of Postgres's collation "C". */
export function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

export function compareExact(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
