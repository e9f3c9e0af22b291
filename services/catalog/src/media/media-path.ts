import { createHash } from "node:crypto";
import { ProblemError } from "@orrery/common/contracts/errors";

/** Every key of media begins with this: whoever may read media alone gets this prefix alone. */
const PREFIX = "media";
/** With the folder's name it is a key of the object store, which has at most 512. */
const MAX_PATH_CHARACTERS = 368;
const MAX_SEGMENTS = 16;
/** The longest name that common file systems take. */
const MAX_SEGMENT_CHARACTERS = 255;
/**
 * RFC 3986's unreserved characters, none beginning with a dot: the only ones that every edge signs as
 * the same bytes, since they are never percent-encoded. What is left out leaves nothing to decode twice.
 */
const SEGMENT = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$/;
/** Addresses that can stand in a key as they are; others do so as their digest. */
const PLAIN_ADDRESS = /^[A-Za-z0-9_-]{1,64}$/;

/** The folder of one token's media, ending in `/`; tokens never share one. */
export function mediaFolderOf(tenantId: string, address: string): string {
  const name = PLAIN_ADDRESS.test(address) ? address : `~${digestOf(address)}`;
  return `${PREFIX}/${tenantId}/${name}/`;
}

/**
 * A file's path within its token's folder, in its one form: no empty segments, no `.`.
 * @throws {ProblemError} invalid_request, for whatever could lead out of the folder or is no file
 */
export function filePathOf(text: string): string {
  const segments = segmentsOf(text);
  const isFile = segments.length > 0 && !/(^|\/)\.?$/.test(text);
  if (!isFile) throw invalidPath("must name a file");
  return segments.join("/");
}

/**
 * The directory that a path names: the path itself when it ends in `/`, else the one that holds the
 * file. Ends in `/`; the empty string is the token's whole folder.
 * @throws {ProblemError} invalid_request, as for a file
 */
export function directoryOf(text: string): string {
  const segments = segmentsOf(text);
  const names = /(^|\/)\.?$/.test(text) ? segments : segments.slice(0, -1);
  return names.map((name) => `${name}/`).join("");
}

/** Every directory that holds a file, the nearest first; each ends in `/`. */
export function directoriesAbove(filePath: string): string[] {
  const names = filePath.split("/").slice(0, -1);
  return names.map((_, index) => `${names.slice(0, names.length - index).join("/")}/`);
}

function segmentsOf(text: string): string[] {
  if (text.length > MAX_PATH_CHARACTERS) {
    throw invalidPath(`must have at most ${MAX_PATH_CHARACTERS} characters`);
  }
  const segments = text.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.length > MAX_SEGMENTS) {
    throw invalidPath(`must have at most ${MAX_SEGMENTS} segments`);
  }
  for (const segment of segments) {
    if (!SEGMENT.test(segment)) {
      throw invalidPath("must hold letters, digits and - _ ~ . between slashes, no dot first");
    }
    if (segment.length > MAX_SEGMENT_CHARACTERS) {
      throw invalidPath(`must have at most ${MAX_SEGMENT_CHARACTERS} characters in a segment`);
    }
  }
  return segments;
}

function invalidPath(detail: string): ProblemError {
  return new ProblemError("invalid_request", "The path is not valid.", {
    errors: [{ pointer: "#/path", detail, in: "query" }],
  });
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
