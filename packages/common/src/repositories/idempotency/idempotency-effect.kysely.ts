import { CompiledQuery, type QueryExecutorProvider } from "kysely";
import { actFor } from "../database.ts";
import type { ActingFor } from "../transaction-frame.ts";
import { ClaimRefused, idempotencyInProgress } from "./claim-refused.ts";
import {
  type ClaimRow,
  claimOutcomeOf,
  claimStatement,
  type Statement,
  type StatementSettings,
} from "./claim-statements.kysely.ts";
import type { Effect } from "./effect.ts";
import { endStatement } from "./end-statement.kysely.ts";
import type { Claim, JoinOptions } from "./idempotency-store.ts";

/**
 * A key's claim and answer inside the effect's transaction. Nobody else sees the claim; it goes with
 * the transaction, whatever becomes of the process, and so it needs no lease.
 */
export class KyselyIdempotencyEffect<Value> implements Effect<Value> {
  readonly #settings: () => Omit<StatementSettings, "role">;
  readonly #options: JoinOptions<Value>;
  #opened: { readonly claim: Claim; readonly acting: ActingFor } | undefined;
  #isEnded = false;

  constructor(settings: () => Omit<StatementSettings, "role">, options: JoinOptions<Value>) {
    this.#settings = settings;
    this.#options = options;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  async open(transaction: QueryExecutorProvider, { role, tenants }: ActingFor): Promise<void> {
    const { request, claim } = this.#options;
    const own = request.tenantId;
    const acting = { role, tenants: tenants === own ? tenants : `${tenants},${own}` };
    this.#isEnded = false;
    if (claim === undefined) {
      this.#opened = { claim: await this.#claim(transaction, acting), acting };
    } else {
      await actFor(transaction, acting);
      this.#opened = { claim, acting };
    }
  }

  async close(transaction: QueryExecutorProvider, value: Value): Promise<void> {
    if (this.#opened === undefined) throw new Error("an effect is opened before it is closed");
    const { claim, acting } = this.#opened;
    const settings = { ...this.#settings(), role: acting.role };
    const answer = this.#options.answerOf(value);
    const given =
      answer === undefined ? { end: "bound" as const } : { end: "answered" as const, answer };
    const [row] = await run<{ isDone: boolean }>(
      transaction,
      endStatement(settings, acting.tenants, claim, given),
    );
    if (row?.isDone !== true) throw idempotencyInProgress();
    this.#isEnded = true;
  }

  async #claim(transaction: QueryExecutorProvider, { role, tenants }: ActingFor): Promise<Claim> {
    const { request } = this.#options;
    const wanted = [{ request, leaseMs: UNNEEDED_LEASE_MS }];
    const statement = claimStatement({ ...this.#settings(), role }, tenants, wanted);
    const [row] = await run<ClaimRow>(transaction, statement);
    if (row === undefined) throw new Error("a claim has an outcome");
    const outcome = claimOutcomeOf(request, row);
    if (outcome.outcome === "claimed") return outcome.claim;
    throw new ClaimRefused(outcome);
  }
}

/** A lease, since without one every repeat would get a claim; it ends with the transaction. */
const UNNEEDED_LEASE_MS = 60_000;

async function run<Row>(
  transaction: QueryExecutorProvider,
  { text, values }: Statement,
): Promise<Row[]> {
  const query = CompiledQuery.raw(text, values);
  return (await transaction.getExecutor().executeQuery<Row>(query)).rows;
}
