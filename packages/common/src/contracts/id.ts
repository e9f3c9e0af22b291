import { randomBytes } from "node:crypto";
import { systemClock } from "./clock.ts";

/**
 * A UUIDv7: 48 bits of `nowMs`, then random bits, so that ids sort by the time they were made.
 * @see RFC 9562, section 5.7
 */
export function uuidv7(nowMs: number = systemClock()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether the text is a UUID as `uuidv7` and Postgres write it: in lower case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
