import { parseUsdc, USDC_PATTERN } from "@orrery/common/contracts/money";
import { Type } from "typebox";
import { isTokenAmount } from "./tokens/token-amount.ts";

export const closed = { additionalProperties: false } as const;

const EARLIEST_MS = Date.UTC(1970, 0, 1);
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Printable ASCII without space, as every id that others give. */
const IDENTIFIER = "^[!-~]{1,255}$";
const identifierPattern = new RegExp(IDENTIFIER);

export function Identifier(description: string) {
  return Type.String({ description, pattern: IDENTIFIER });
}

export function isIdentifier(text: string): boolean {
  return identifierPattern.test(text);
}

/** Text for people: some visible character, no control characters, whole characters only. */
export function Label(description: string, maxLength: number) {
  return Type.Refine(
    Type.String({
      description,
      minLength: 1,
      maxLength,
      pattern: "^(?=.*\\S)[^\\u0000-\\u001f\\u007f]*$",
    }),
    (text) => text.isWellFormed(),
    () => "must be well-formed Unicode",
  );
}

/** An i128 that is not negative, in the token's smallest unit. */
export function TokenAmount(description: string) {
  return Type.Refine(
    Type.String({ description, pattern: "^(0|[1-9]\\d{0,38})$" }),
    isTokenAmount,
    () => "must be at most 2^127 - 1",
  );
}

/** As TokenAmount, above 0. */
export function PositiveTokenAmount(description: string) {
  return Type.Refine(
    Type.String({ description, pattern: "^[1-9]\\d{0,38}$" }),
    isTokenAmount,
    () => "must be at most 2^127 - 1",
  );
}

/** A decimal with up to 7 decimals, 0 … 2^63 − 1 in units of 10^-7. */
export function StakeAmount(description: string) {
  return Type.Refine(
    Type.String({ description, pattern: USDC_PATTERN }),
    (amount) => parseUsdc(amount) !== undefined,
    () => "must be at most 922337203685.4775807",
  );
}

export function PositiveStakeAmount(description: string) {
  return Type.Refine(
    StakeAmount(description),
    (amount) => parseUsdc(amount) !== 0n,
    () => "must be more than 0",
  );
}

/** RFC 3339, in the years 1970 to 9999. */
export function Instant(description: string) {
  return Type.Refine(
    Type.String({ description, format: "date-time", maxLength: 40 }),
    isInRange,
    () => "must be a time in the years 1970 to 9999",
  );
}

/** An Instant, or a date, which stands for the whole day in UTC. */
export function InstantOrDate(description: string) {
  const refusal = () => "must be a time in the years 1970 to 9999";
  return Type.Union([
    Type.Refine(
      Type.String({ description, format: "date-time", maxLength: 40 }),
      isInRange,
      refusal,
    ),
    Type.Refine(Type.String({ format: "date" }), isInRange, refusal),
  ]);
}

function isInRange(text: string): boolean {
  const atMs = Date.parse(text);
  return atMs >= EARLIEST_MS && atMs <= LATEST_MS;
}

/** Of a numbered page. */
export const PageMeta = {
  page: Type.Integer(),
  limit: Type.Integer(),
  total: Type.Integer(),
  totalPages: Type.Integer(),
  hasNext: Type.Boolean(),
  hasPrev: Type.Boolean(),
};

export function pageMeta(page: number, limit: number, total: number) {
  const totalPages = Math.ceil(total / limit);
  return { page, limit, total, totalPages, hasNext: page < totalPages, hasPrev: page > 1 };
}
