/** 1 USDC in stroops. */
const STROOPS_PER_USDC = 10_000_000n;
/** The most that one charge may move: 2^63 − 1 stroops. */
export const MAX_AMOUNT_STROOPS = 2n ** 63n - 1n;
/** Whole part of up to 12 digits (more never fits 2^63 − 1 stroops), up to 7 decimals. */
export const USDC_PATTERN = "^\\d+(\\.\\d{1,7})?$";

const USDC = new RegExp(USDC_PATTERN);
const MAX_AMOUNT_CHARACTERS = 40;

/**
 * Reads a USDC decimal string as stroops; undefined unless it matches the pattern and lies
 * between 0 and 2^63 − 1 stroops. `1.50` and `1.5` give the same amount.
 */
export function parseUsdc(amountUsdc: string): bigint | undefined {
  if (amountUsdc.length > MAX_AMOUNT_CHARACTERS || !USDC.test(amountUsdc)) return undefined;
  const [whole = "0", fraction = ""] = amountUsdc.split(".");
  const stroops = BigInt(whole) * STROOPS_PER_USDC + BigInt(fraction.padEnd(7, "0"));
  return stroops <= MAX_AMOUNT_STROOPS ? stroops : undefined;
}

/** Writes stroops as the shortest USDC decimal string: 15_000_000n is `1.5`. */
export function formatUsdc(amountStroops: bigint): string {
  const sign = amountStroops < 0n ? "-" : "";
  const absolute = amountStroops < 0n ? -amountStroops : amountStroops;
  const whole = absolute / STROOPS_PER_USDC;
  const fraction = (absolute % STROOPS_PER_USDC).toString().padStart(7, "0").replace(/0+$/, "");
  return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}
