/** Postgres and Date agree on years up to here. */
export const LATEST_TIME_MS = Date.parse("9999-12-31T23:59:59.999Z");

/** Seconds, any fraction up to nanoseconds, and an offset. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * The first millisecond that is not before the time; undefined unless it is an RFC 3339 time that
 * exists (no 30th of February, no 61st minute; a leap second is not told apart and refused).
 * @see RFC 3339, section 5.6
 */
export function parseTimestamp(text: string): Date | undefined {
  if (!TIMESTAMP.test(text)) return undefined;
  const [, wall = "", fraction = "", offset = ""] =
    /^(.{19})(?:\.(\d+))?(.+)$/.exec(text.toUpperCase()) ?? [];
  const wallMs = Date.parse(`${wall}Z`);
  // Date.parse lets the 30th of February pass as the 2nd of March.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString().slice(0, 19) !== wall)
    return undefined;
  const offsetMs = offsetMsOf(offset);
  if (offsetMs === undefined) return undefined;
  return new Date(wallMs - offsetMs + Math.ceil(Number(`0.${fraction}0`) * 1_000));
}

function offsetMsOf(offset: string): number | undefined {
  if (offset === "Z") return 0;
  const [hours = 0, minutes = 0] = offset.slice(1).split(":").map(Number);
  if (hours > 23 || minutes > 59) return undefined;
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
