/** Which part of a file a request is for; both ends included. */
export type RequestedRange =
  | { readonly kind: "whole" }
  | { readonly kind: "part"; readonly first: number; readonly last: number }
  | { readonly kind: "unsatisfiable" };

export interface RangeHeaders {
  readonly range?: string | undefined;
  readonly "if-range"?: string | undefined;
}

const WHOLE: RequestedRange = { kind: "whole" };
const ONE_RANGE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i;

/**
 * Reads `Range` against a file of so many bytes. Whole: without it, when it is malformed, asks for
 * several parts at once, or `If-Range` names another file than `etag`.
 * @see RFC 9110, sections 13.1.5 and 14
 */
export function readRange(headers: RangeHeaders, etag: string, bytes: number): RequestedRange {
  const ifRange = headers["if-range"];
  if (ifRange !== undefined && ifRange.trim() !== etag) return WHOLE;
  const [, first = "", last = ""] = ONE_RANGE.exec(headers.range ?? "") ?? [];
  if (first === "" && last === "") return WHOLE;
  if (first === "") return suffix(Number(last), bytes);
  if (last !== "" && Number(last) < Number(first)) return WHOLE;
  if (Number(first) >= bytes) return { kind: "unsatisfiable" };
  const end = last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1);
  return { kind: "part", first: Number(first), last: end };
}

/** The last `length` bytes. */
function suffix(length: number, bytes: number): RequestedRange {
  if (length === 0 || bytes === 0) return { kind: "unsatisfiable" };
  return { kind: "part", first: Math.max(0, bytes - length), last: bytes - 1 };
}
