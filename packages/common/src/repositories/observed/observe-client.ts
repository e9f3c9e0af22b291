import type pg from "pg";
import type {
  DriverObserver,
  TransactionOutcome,
} from "../../observability/database/driver-observer.ts";
import type { StatementShape } from "../../observability/database/statement-shape.ts";

type Callback = (error: unknown, result: unknown) => void;

/**
 * Has everything that is sent over a connection told to `observer`, whoever sends it: Kysely, a
 * transaction, a named statement, a stream. What the caller sees is unchanged.
 */
export function observeClient(client: pg.ClientBase, observer: DriverObserver): void {
  const send = client.query.bind(client);
  const transactions = new TransactionWatch(observer);
  const query = (...args: unknown[]): unknown => {
    const shape = observer.sent(textOf(args[0]));
    if (isStream(args[0])) return Reflect.apply(send, undefined, args);
    const startedMs = performance.now();
    const settle = (error: unknown, result: unknown) => {
      observer.ended(shape, performance.now() - startedMs);
      transactions.ended(shape, error, result);
    };
    const last = args.at(-1);
    if (typeof last === "function") {
      args[args.length - 1] = calling(last as Callback, settle);
      return Reflect.apply(send, undefined, args);
    }
    const answer: unknown = Reflect.apply(send, undefined, args);
    if (answer instanceof Promise) {
      answer.then(
        (result) => settle(undefined, result),
        (error: unknown) => settle(error, undefined),
      );
    }
    return answer;
  };
  Object.defineProperty(client, "query", { value: query });
}

function calling(callback: Callback, settle: Callback): Callback {
  return (error, result) => {
    settle(error ?? undefined, result);
    callback(error, result);
  };
}

function textOf(statement: unknown): string {
  if (typeof statement === "string") return statement;
  const { text } = (statement ?? {}) as { text?: unknown };
  return typeof text === "string" ? text : "";
}

/** A query of another kind than pg's own: how long it takes says how fast its reader is. */
function isStream(statement: unknown): boolean {
  return typeof (statement as { submit?: unknown } | null)?.submit === "function";
}

/** Tells how transactions on one connection end; a statement outside of one is one by itself. */
class TransactionWatch {
  readonly #observer: DriverObserver;
  #isOpen = false;

  constructor(observer: DriverObserver) {
    this.#observer = observer;
  }

  ended({ operation }: StatementShape, error: unknown, result: unknown): void {
    switch (operation) {
      case "begin":
      case "start":
        this.#isOpen = error === undefined;
        return;
      case "commit":
      case "end":
        this.#close(error === undefined ? committedOr(result) : outcomeOf(error));
        return;
      case "rollback":
      case "abort":
        // `rollback to` a savepoint leaves it open; nothing here uses one across statements.
        this.#close("rolled_back");
        return;
      case "select":
      case "insert":
      case "update":
      case "delete":
      case "merge":
        if (!this.#isOpen) this.#close(error === undefined ? "committed" : outcomeOf(error));
    }
  }

  #close(outcome: TransactionOutcome): void {
    this.#isOpen = false;
    this.#observer.transactionEnded(outcome);
  }
}

/** Postgres answers COMMIT of a transaction that had failed with ROLLBACK. */
function committedOr(result: unknown): TransactionOutcome {
  const { command } = (result ?? {}) as { command?: string };
  return command === "ROLLBACK" ? "rolled_back" : "committed";
}

/** An error with a SQLSTATE is the server's own word; without one the connection is gone. */
function outcomeOf(error: unknown): TransactionOutcome {
  const { code = "" } = error as { code?: string };
  return /^[0-9A-Z]{5}$/.test(code) && !code.startsWith("08") ? "rolled_back" : "unknown";
}
