import type { operations } from "./generated/openapi.ts";
import type { OPERATIONS } from "./generated/operations.ts";

/** An operation's name, as the API reference has it. */
export type OperationId = keyof typeof OPERATIONS & keyof operations;

type Operation<Id extends OperationId> = operations[Id];
type SuccessStatus = 200 | 201 | 202 | 204;

type ContentOf<Response> = Response extends { content: infer Content }
  ? Content extends { "application/json": infer Body }
    ? Body
    : string
  : undefined;

/** What a call can succeed with: tell them apart by `status`. */
export type Answer<Id extends OperationId> = {
  [Status in keyof Operation<Id>["responses"] & SuccessStatus]: {
    readonly status: Status;
    readonly body: ContentOf<Operation<Id>["responses"][Status]>;
    readonly headers: Headers;
  };
}[keyof Operation<Id>["responses"] & SuccessStatus];

/** The body of every success. */
export type Body<Id extends OperationId> = Answer<Id>["body"];

type Path<Id extends OperationId> = Operation<Id>["parameters"] extends { path: infer Path }
  ? { readonly path: Path }
  : object;

type QueryOf<Id extends OperationId> = Operation<Id>["parameters"] extends { query: infer Query }
  ? { readonly query: Query }
  : Operation<Id>["parameters"] extends { query?: infer Query }
    ? [NonNullable<Query>] extends [never]
      ? object
      : { readonly query?: NonNullable<Query> }
    : object;

type BodyOf<Id extends OperationId> =
  Operation<Id> extends { requestBody: { content: infer Content } }
    ? Content extends { "application/json": infer Json }
      ? { readonly body: Json }
      : { readonly body: Blob | ArrayBuffer | string; readonly contentType: string }
    : object;

/** What every call may be told beside its parameters. */
export interface CallOptions {
  /** Ends the call, its waits and its retries. */
  readonly signal?: AbortSignal;
  /** For POST: a key of your own, so that a call can be repeated over a restart; one is made for each call. */
  readonly idempotencyKey?: string;
  /** Sent with the rest. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type Input<Id extends OperationId> = Path<Id> & QueryOf<Id> & BodyOf<Id> & CallOptions;

/** Left out where nothing is required. */
export type Arguments<Id extends OperationId> =
  CallOptions extends Input<Id> ? [input?: Input<Id>] : [input: Input<Id>];

/** Operations that answer a page with a cursor to the next. */
export type ListOperationId = {
  [Id in OperationId]: Body<Id> extends { data: readonly unknown[]; meta: { nextCursor: unknown } }
    ? Id
    : never;
}[OperationId];

export type Item<Id extends ListOperationId> =
  Body<Id> extends { data: readonly (infer Each)[] } ? Each : never;
