import { AsyncLocalStorage } from "node:async_hooks";
import type { StatementShape } from "./statement-shape.ts";

const current = new AsyncLocalStorage<QueryTally | undefined>();

/** The statements that one request has sent; what only frames a transaction is not among them. */
export class QueryTally {
  #count = 0;
  #isClosed = false;
  readonly #byShape = new Map<StatementShape, number>();

  get count(): number {
    return this.#count;
  }

  /** The statement that was sent most often, and how often; undefined: none was. */
  get mostRepeated(): readonly [StatementShape, number] | undefined {
    let most: readonly [StatementShape, number] | undefined;
    for (const entry of this.#byShape) {
      if (most === undefined || entry[1] > most[1]) most = entry;
    }
    return most;
  }

  add(shape: StatementShape, times = 1): void {
    if (this.#isClosed || shape.isFrame) return;
    this.#count += times;
    this.#byShape.set(shape, (this.#byShape.get(shape) ?? 0) + times);
  }

  /**
   * Adds this request's part of what was done for `all` items at once, `items` of which are its own: a
   * statement for all of them counts once with each request, one statement per item once per item.
   */
  addShareOf(batch: QueryTally, items: number, all: number): void {
    for (const [shape, times] of batch.#byShape) this.add(shape, Math.ceil((times * items) / all));
  }

  /** The request was answered: what goes on in its name is the background's. */
  close(): void {
    this.#isClosed = true;
  }
}

/** Whose statements are sent now; undefined: no request's. */
export function currentTally(): QueryTally | undefined {
  return current.getStore();
}

/** Statements that `work` sends, now and later, count in `tally`. */
export function tallying<Result>(tally: QueryTally, work: () => Result): Result {
  return current.run(tally, work);
}

/**
 * Runs work that a request only happened to set off: a timer, a worker that is woken, a look for all
 * who wait. Its statements count for nobody.
 */
export function outsideRequest<Result>(work: () => Result): Result {
  return current.getStore() === undefined ? work() : current.run(undefined, work);
}
