import { expect, it } from "vitest";
import { retryAfterMs } from "../src/retry-after.ts";

const NOW_MS = Date.UTC(2026, 0, 1);

it.each([
  ["0", 0],
  ["120", 120_000],
  ["Thu, 01 Jan 2026 00:00:05 GMT", 5_000],
  ["Wed, 31 Dec 2025 23:59:59 GMT", 0],
])("reads %j as %i ms from now", (header, ms) => {
  expect(retryAfterMs(header, NOW_MS)).toBe(ms);
});

it.each([null, "", "-1", "1.5", "2027-01-01", "1 Jan 2027", "Xxx, 01 Xxx 2027 00:00:00 GMT"])(
  "reads nothing in %j",
  (header) => {
    expect(retryAfterMs(header, NOW_MS)).toBeUndefined();
  },
);
