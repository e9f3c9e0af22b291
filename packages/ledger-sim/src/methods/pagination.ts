import { invalidParams, type Params } from "../json-rpc.ts";

/** Reads `limit` out of a pagination object. */
export function readLimit(
  pagination: Params,
  { normal, most }: { normal: number; most: number },
): number {
  const { limit } = pagination;
  if (limit === undefined || limit === null || limit === 0) return normal;
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1 || limit > most) {
    throw invalidParams(`limit must be a whole number from 1 to ${most}`);
  }
  return limit;
}
