import { ProblemError } from "@orrery/common/contracts/errors";
import { LATEST_TIME_MS } from "@orrery/common/contracts/timestamp";

/**
 * The time of a key's end. `text` has the shape of an RFC 3339 time; whether there is such a time is
 * found out here.
 * @throws {ProblemError} invalid_request when it is not ahead of `now`
 */
export function readExpiry(text: string | undefined, now: Date): Date | undefined {
  if (text === undefined) return undefined;
  const expiresAt = new Date(text);
  // Date would read the 30th of February as a day in March.
  const day = text.slice(0, "2000-01-01".length);
  const midnight = new Date(`${day}T00:00:00Z`);
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  if (isDay && expiresAt > now && expiresAt.getTime() <= LATEST_TIME_MS) return expiresAt;
  throw new ProblemError("invalid_request", "The body is not valid.", {
    errors: [{ pointer: "#/expiresAt", detail: "must be a time in the future" }],
  });
}
