import { type TSchema, Type } from "typebox";
import { ProblemError } from "./errors.ts";

/** Query parameters of a keyset list. */
export const PAGE_QUERY = {
  limit: Type.Integer({
    minimum: 1,
    maximum: 100,
    default: 20,
    description: "Items per page.",
  }),
  cursor: Type.Optional(
    Type.String({ maxLength: 1_024, description: "`meta.nextCursor` of the page before." }),
  ),
};

/** What every keyset page says of itself. */
export const KEYSET_META = {
  limit: Type.Integer(),
  hasNext: Type.Boolean(),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
  total: Type.Integer({ description: "Items of the whole list." }),
};

/** The answer of a keyset list: `{data, meta}`. */
export function KeysetPage<Item extends TSchema>(item: Item) {
  return Type.Object({ data: Type.Array(item), meta: Type.Object(KEYSET_META) });
}

/**
 * Writes the stable id of a list's last item as the cursor of what follows: standard base64, so
 * that `stream-ada` is `c3RyZWFtLWFkYQ==`.
 */
export function encodeCursor(id: string): string {
  return Buffer.from(id, "utf8").toString("base64");
}

/**
 * Reads the id back. `isId` knows what the list's ids look like.
 * @throws {ProblemError} invalid_cursor
 */
export function decodeCursor(cursor: string, isId: (id: string) => boolean = isText): string {
  const id = Buffer.from(cursor, "base64").toString("utf8");
  // Node reads broken base64 and UTF-8 leniently; only what we would have written comes back equal.
  if (encodeCursor(id) === cursor && isText(id) && isId(id)) return id;
  throw new ProblemError("invalid_cursor", "The cursor was not issued by this list.");
}

/** A place in a list that is ordered by time: the id breaks ties of equal times. */
export interface TimePosition {
  readonly at: Date;
  readonly id: string;
}

/** Writes a composite key, `timestamp|id`, as a cursor. */
export function encodeTimeCursor({ at, id }: TimePosition): string {
  return encodeCursor(`${at.toISOString()}|${id}`);
}

/**
 * Reads a composite key back. `isId` knows what the list's ids look like.
 * @throws {ProblemError} invalid_cursor
 */
export function decodeTimeCursor(cursor: string, isId: (id: string) => boolean): TimePosition {
  const isPosition = (key: string) => isTime(timeOf(key)) && isId(idOf(key));
  const key = decodeCursor(cursor, isPosition);
  return { at: new Date(timeOf(key)), id: idOf(key) };
}

const timeOf = (key: string) => key.slice(0, Math.max(0, key.indexOf("|")));
const idOf = (key: string) => key.slice(key.indexOf("|") + 1);

function isTime(text: string): boolean {
  const atMs = Date.parse(text);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString() === text;
}

/** Postgres takes no NUL in a text. */
function isText(id: string): boolean {
  return id !== "" && !id.includes("\0");
}
