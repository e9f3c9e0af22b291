import { createHash, randomUUID } from "node:crypto";
import { systemClock } from "./clock.ts";

/**
 * A UUIDv7: 48 bits of `nowMs`, then random bits, so that ids sort by the time they were made.
 * @see RFC 9562, section 5.7
 */
export function uuidv7(nowMs: number = systemClock()): string {
  const time = Math.trunc(nowMs).toString(16).padStart(12, "0");
  // Of a UUIDv4 all after its version is random, and its variant is ours; node makes many at once.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/**
 * The same UUID for the same name, wherever and whenever it is asked for: the first bits of its
 * SHA-256, as a UUIDv8.
 * @see RFC 9562, section 5.8
 */
export function namedUuid(name: string): string {
  const bytes = createHash("sha256").update(name, "utf8").digest().subarray(0, 16);
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether the text is a UUID as `uuidv7` and Postgres write it: in lower case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
