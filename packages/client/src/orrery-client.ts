import {
  type DeductionOptions,
  type DeductionState,
  deductAndWait,
  type NewDeduction,
} from "./deduction.ts";
import { API_MOUNT, OPERATIONS } from "./generated/operations.ts";
import type {
  Answer,
  Arguments,
  Body,
  CallOptions,
  Input,
  Item,
  ListOperationId,
  OperationId,
} from "./operation.ts";
import { filledPath } from "./path.ts";
import { type RequestBody, Transport, type TransportOptions } from "./transport.ts";

export type { DeductionOptions, DeductionState, NewDeduction } from "./deduction.ts";
export { DeductionFailedError } from "./deduction-failed-error.ts";
export type { ProblemCode } from "./generated/operations.ts";
export type {
  Answer,
  Arguments,
  Body,
  CallOptions,
  Input,
  Item,
  ListOperationId,
  OperationId,
} from "./operation.ts";
export { ConnectionError, OrreryError, type Problem } from "./orrery-error.ts";
export type { TransportOptions as OrreryClientOptions } from "./transport.ts";

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** An operation's input with its types forgotten: what a request is made of. */
interface LooseInput extends CallOptions {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Query;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** Of any list. */
interface Page {
  readonly data: readonly unknown[];
  readonly meta: { readonly nextCursor: string | null };
}

/**
 * Orrery for its consumers. Every call is named as in the API reference, typed by it, sent again where
 * that is safe and makes sense, and throws a typed error when the API says no.
 */
export class OrreryClient {
  readonly #transport: Transport;

  constructor(options: TransportOptions) {
    this.#transport = new Transport(options);
  }

  /**
   * Calls an operation and reads its answer.
   * @throws {OrreryError} decide by its `code`
   * @throws {ConnectionError} no whole answer came, also not to the retries
   * @throws {TypeError} a parameter of the path is "." or ".."
   */
  async call<Id extends OperationId>(id: Id, ...[input]: Arguments<Id>): Promise<Answer<Id>> {
    const answer = await this.#send(id, loose(input), async (response) => {
      const { status, headers } = response;
      return { status, headers, body: await readBody(response) };
    });
    return answer as Answer<Id>;
  }

  /** As `call`, the answer's body unread: for files, and for server-sent events. */
  async open<Id extends OperationId>(id: Id, ...[input]: Arguments<Id>): Promise<Response> {
    return await this.#send(id, loose(input), (response) => response);
  }

  /** The pages of a list, each fetched when it is asked for. */
  async *pages<Id extends ListOperationId>(
    id: Id,
    ...[input]: Arguments<Id>
  ): AsyncGenerator<Body<Id>, void, undefined> {
    for await (const page of this.#pages(id, loose(input))) yield page as Body<Id>;
  }

  /** The items of a list, over all its pages. */
  async *items<Id extends ListOperationId>(
    id: Id,
    ...[input]: Arguments<Id>
  ): AsyncGenerator<Item<Id>, void, undefined> {
    for await (const page of this.#pages(id, loose(input))) {
      yield* (page as Page).data as readonly Item<Id>[];
    }
  }

  /**
   * Charges for one call and waits for the chain, `waitMs` at most. The same `requestId` may be sent again
   * after any error, by any process: it is charged once. Send that one, never a new one, as long as
   * `DeductionFailedError` has not said that nothing was charged: an error may stand for a lost answer.
   * Once it is accepted, no failure to look at its state is thrown: it is then `pending`.
   * @throws {DeductionFailedError} it was refused: nothing was charged
   * @throws {OrreryError} how the sending was answered: decide by its `code`
   * @throws {ConnectionError} the sending was not answered
   * @throws {TypeError} a `requestId` of "." or "..": it could not be looked at
   */
  deduct(deduction: NewDeduction, options: DeductionOptions = {}): Promise<DeductionState> {
    const calls = {
      deduct: (input: Input<"deduct">) => this.call("deduct", input),
      find: (input: Input<"getRequest">) => this.call("getRequest", input),
    };
    return deductAndWait(calls, deduction, options, this.#transport);
  }

  async *#pages(id: OperationId, input: LooseInput): AsyncGenerator<unknown, void, undefined> {
    let cursor: string | null = null;
    do {
      const query: Query = { ...input.query, ...(cursor !== null && { cursor }) };
      const page = await this.#send(id, { ...input, query }, readBody);
      yield page;
      cursor = (page as Page).meta.nextCursor;
    } while (cursor !== null);
  }

  #send<T>(
    id: OperationId,
    input: LooseInput,
    read: (response: Response) => T | Promise<T>,
  ): Promise<T> {
    const [method, template] = OPERATIONS[id];
    const { path = {}, query = {}, body, contentType, signal, idempotencyKey, headers } = input;
    const isJson = body !== undefined && contentType === undefined;
    const request = {
      method,
      path: API_MOUNT + filledPath(template, path) + queryText(query),
      headers: {
        ...(method === "POST" && { "idempotency-key": idempotencyKey ?? newKey() }),
        ...(body !== undefined && { "content-type": contentType ?? "application/json" }),
        ...headers,
      },
      body: isJson ? JSON.stringify(body) : (body as RequestBody | undefined),
      signal,
    };
    return this.#transport.send(request, read);
  }
}

function loose(input: object | undefined): LooseInput {
  return { ...input };
}

function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

async function readBody(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const type = response.headers.get("content-type") ?? "";
  return type.startsWith("application/json") ? response.json() : response.text();
}

const KEY_BYTES = 16;

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
