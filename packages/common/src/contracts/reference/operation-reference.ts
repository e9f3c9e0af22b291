import type { ErrorCode } from "../errors.ts";
import type { OperationId } from "../operations.ts";

/** Parts of the API, in the order in which the reference shows them. */
export const TAGS = {
  Administration: "Tenants and their API keys. Wants the scope `admin`.",
  Registry: "Who pays from which vault, and where an API's earnings go.",
  Deductions: "One paid call, charged on chain exactly once.",
  Usage: "What was charged, and what it sums up to.",
  Settlements: "Usage that is charged together, of APIs that settle `aggregated`.",
  Streams: "Payments by the second.",
  Activity: "What happened to streams; append-only.",
  Users: "People by their wallet address.",
  Exports: "Files of rows, made in the background and fetched by signed link.",
  Tokens: "The catalog of tokens, and their burns.",
  Media: "Files of tokens.",
  Leaderboards: "Listed tokens by rank, also as a live stream.",
  Pools: "Prediction pools and their statistics.",
  Service: "Health, metrics and this document. No credential.",
} as const;

export type Tag = keyof typeof TAGS;

/** A value that an earlier example was answered with: `pointer` into its body (RFC 6901). */
export interface AnswerReference {
  readonly answer: `${OperationId}.${string}`;
  readonly pointer: string;
  /** Of a URL there: the query parameter of this name. */
  readonly query?: string;
}

export type ExampleValue = string | AnswerReference;
type ExampleValues = Readonly<Record<string, ExampleValue>>;

/** A request that a test sends; what it is answered stands in `generated/answers.json`. */
export interface Example {
  readonly summary: string;
  readonly path?: ExampleValues;
  readonly query?: ExampleValues;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: object | string;
  readonly status: number;
  /** Asked again until the body has this value there. */
  readonly until?: { readonly pointer: string; readonly value: unknown };
}

/** What a success is, where it is not one JSON answer of the moment. */
export type AnswerKind =
  /** A cached answer with an entity tag. */
  | "cached"
  /** A file: entity tag, ranges. */
  | "file"
  /** Server-sent events. */
  | "events";

/** What the API reference says of an operation beyond what its route and schemas do. */
export interface OperationReference {
  readonly tag: Tag;
  /** One line. */
  readonly summary: string;
  /** Markdown. */
  readonly description?: string;
  /** What a success means, by status, where the status alone does not say it. */
  readonly answers?: Readonly<Record<number, string>>;
  /** Errors beyond those that follow from how the call is made. */
  readonly errors?: readonly ErrorCode[];
  readonly kind?: AnswerKind;
  /** Honours `Prefer: wait=N` and `Prefer: respond-async`. */
  readonly honoursPrefer?: true;
  /** Names in lower case; of successes alone. */
  readonly headers?: readonly ("location" | "retry-after" | "cache-control")[];
  /** By name, one at least; run in the order of the reference. */
  readonly examples: Readonly<Record<string, Example>>;
}
