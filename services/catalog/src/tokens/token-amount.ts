/** The largest i128. */
const MAX_TOKEN_AMOUNT = 2n ** 127n - 1n;

/** Whether digits (at most 39, as the schema's pattern says) fit an i128. */
export function isTokenAmount(digits: string): boolean {
  return BigInt(digits) <= MAX_TOKEN_AMOUNT;
}
