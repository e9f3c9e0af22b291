import { parseTimestamp } from "@orrery/common/contracts/timestamp";
import { Type } from "typebox";

/** A time that a consumer names. */
export function Timestamp(description: string) {
  return Type.Refine(
    Type.String({ description, maxLength: 40, examples: ["2026-03-01T00:00:00Z"] }),
    (text) => parseTimestamp(text) !== undefined,
    () => "must be an RFC 3339 time",
  );
}

/** From when on, inclusive, and until when, exclusive; the schema has seen to it that these are times. */
export function windowOf(
  from: string | undefined,
  to: string | undefined,
): { from?: Date; to?: Date } {
  const fromTime = from === undefined ? undefined : parseTimestamp(from);
  const toTime = to === undefined ? undefined : parseTimestamp(to);
  return {
    ...(fromTime === undefined ? {} : { from: fromTime }),
    ...(toTime === undefined ? {} : { to: toTime }),
  };
}
