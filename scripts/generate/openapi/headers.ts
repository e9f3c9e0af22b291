import type { Schema } from "./schema-components.ts";

interface Header {
  readonly description: string;
  readonly required?: true;
  readonly schema: Schema;
}

const text = (description: string, changes: Schema = {}): Header => ({
  description,
  schema: { type: "string", ...changes },
});

/** Every header that answers have, by its name on the wire. */
const HEADERS = {
  "X-Request-Id": {
    ...text("The request's id: the caller's own when it sent one that is valid, else a UUIDv7."),
    required: true,
  },
  "X-API-Version": { ...text("The version that answered."), required: true },
  Deprecation: text("RFC 9745: since when the version is deprecated; absent when it is not."),
  Sunset: text("RFC 8594: when the version stops answering; absent when that is not decided."),
  RateLimit: text(
    "What is left of the limit that the call counted in, and seconds until it is whole again.",
    { examples: ['"billing-read";r=59999;t=60'] },
  ),
  "RateLimit-Policy": text("The limit itself: requests and the window's seconds.", {
    examples: ['"billing-read";q=60000;w=60'],
  }),
  "Retry-After": {
    description: "Seconds until it makes sense to ask again.",
    schema: { type: "integer", minimum: 0 },
  },
  "WWW-Authenticate": text("How to authenticate."),
  Location: text("Where to look for what was made or accepted."),
  "Preference-Applied": text("The preference of `Prefer` that was honoured."),
  "Idempotent-Replayed": text("There when a stored answer was sent again.", { enum: ["true"] }),
  ETag: text("The entity tag."),
  "Cache-Control": text("For how long and by whom the answer may be kept."),
  "X-Cache": text("Where the answer came from.", { enum: ["hit", "miss", "bypass"] }),
  "Accept-Ranges": text("Parts can be asked for by `Range`."),
  "Content-Range": text("Which part it is."),
} as const satisfies Readonly<Record<string, Header>>;

export type HeaderName = keyof typeof HEADERS;

export const HEADER_COMPONENTS: Readonly<Record<string, Header>> = HEADERS;

const ORDER = Object.keys(HEADERS) as HeaderName[];

/** The `headers` of a response, by reference, in one order. */
export function headersOf(names: Iterable<HeaderName>): Schema {
  const wanted = new Set(names);
  return Object.fromEntries(
    ORDER.filter((name) => wanted.has(name)).map((name) => [
      name,
      { $ref: `#/components/headers/${name}` },
    ]),
  );
}

/** On every answer of a version. */
export const VERSIONED: readonly HeaderName[] = [
  "X-Request-Id",
  "X-API-Version",
  "Deprecation",
  "Sunset",
];
