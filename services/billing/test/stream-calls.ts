import { CHARGED } from "@orrery/common/testing/settle-intent";
import { ACCOUNTS, type BillingFixture, CONTRACTS } from "./billing-fixture.ts";

/** 10 stroops a second, up to 1,000. */
export const STREAM = {
  senderUserId: "ada",
  recipient: ACCOUNTS[1],
  ratePerSecondStroops: "10",
  totalAmountUsdc: "0.0001",
} as const;

/** The hash and the ledger of every payment that a test has confirmed. */
export const PAID_IN = { hash: "ab".repeat(32), ledger: 12 } as const;

export type Action = "start" | "pause" | "stop" | "settle" | "withdraw" | "cancel";

/** What tests do with streams, over HTTP as the tenant `acme`. */
export class StreamCalls {
  readonly #billing: BillingFixture;
  #sent = 0;

  constructor(billing: BillingFixture) {
    this.#billing = billing;
  }

  async giveAdaAVault(): Promise<void> {
    await this.#billing.call("PUT", "/billing/vaults/ada", { contractId: CONTRACTS[0] });
  }

  async create(changes: object = {}): Promise<string> {
    const created = await this.#billing.call("POST", "/streams", { ...STREAM, ...changes });
    return created.json().id as string;
  }

  async get(id: string) {
    return (await this.#billing.call("GET", `/streams/${id}`)).json();
  }

  /** The types of what happened to it, newest first. */
  async activity(id: string): Promise<string[]> {
    const { data } = (await this.#billing.call("GET", `/streams/${id}/activity`)).json();
    return data.map(({ type }: { type: string }) => type);
  }

  /** With an Idempotency-Key of its own unless another is given. */
  act(id: string, action: Action, headers: Record<string, string> = {}) {
    this.#sent += 1;
    const key = { "idempotency-key": `key-${this.#sent}`, ...headers };
    return this.#billing.call("POST", `/streams/${id}/${action}`, undefined, { headers: key });
  }

  /** Asks and does not wait for the chain. */
  actAsync(id: string, action: Action) {
    return this.act(id, action, { prefer: "respond-async" });
  }

  /** Has what is owed paid, and gives the answer of who asked for it. */
  async actAndPay(id: string, action: Action, outcome = CHARGED) {
    const answer = Promise.resolve(this.act(id, action));
    await this.#untilSettling(id);
    await this.#billing.settleStream(id, outcome);
    return answer;
  }

  /** An active stream that has accrued 20 stroops. */
  async createActive(changes: object = {}): Promise<string> {
    const id = await this.create(changes);
    await this.act(id, "start");
    this.#billing.time.nowMs += 2_000;
    return id;
  }

  async createEnded(): Promise<string> {
    const id = await this.createActive();
    await this.actAndPay(id, "stop");
    return id;
  }

  /** The network has closed so many ledgers over every payment. */
  confirmations(count: number): void {
    const { hash, ledger } = PAID_IN;
    const answer = { status: "SUCCESS", ledger, latestLedger: ledger + count } as const;
    this.#billing.transactions.set(hash, { ...answer, oldestLedger: 1 });
  }

  async #untilSettling(id: string): Promise<void> {
    for (;;) {
      const settlement = (await this.#billing.streams.find("acme", id))?.stream.settlement;
      if (settlement?.state === "pending") return;
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }
}
