import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Consumer } from "./consumer.ts";

const PAUSE_MS = 60;

/** A tenant that burns its token, and reads token and board; nothing of another tenant may be in them. */
export class BurningLoad {
  readonly #consumer: Consumer;
  readonly #address: string;
  readonly violations: string[] = [];
  #burns = 0;
  #isStopping = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(consumer: Consumer, address: string) {
    this.#consumer = consumer;
    this.#address = address;
  }

  get burns(): number {
    return this.#burns;
  }

  async start(): Promise<void> {
    const made = await this.#consumer.ask({
      method: "POST",
      path: "/tokens",
      body: {
        address: this.#address,
        name: this.#consumer.tenant.tenantId,
        symbol: "CHAOS",
        decimals: 7,
        totalSupply: "1000000000",
      },
    });
    if (made.status !== 201) throw new Error(`the token was answered ${JSON.stringify(made)}`);
    this.#running = this.#work();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
  }

  /** Every burn that was acknowledged counts once. */
  async check(): Promise<void> {
    const path = `/tokens/${this.#address}`;
    const { body } = await this.#consumer.ask({ method: "GET", path });
    if (body["totalBurned"] === String(this.#burns) && body["burnCount"] === this.#burns) return;
    this.violations.push(`${this.#burns} burns of 1 became ${JSON.stringify(body)}`);
  }

  async #work(): Promise<void> {
    for (let turn = 0; !this.#isStopping; turn += 1) {
      try {
        await this.#burn();
        if (turn % 4 === 0) await this.#readBoard();
      } catch (error) {
        this.violations.push(String(error));
      }
      await delay(PAUSE_MS);
    }
  }

  async #burn(): Promise<void> {
    this.#burns += 1;
    const answer = await this.#consumer.ask({
      method: "POST",
      path: `/tokens/${this.#address}/burns`,
      body: {
        txHash: randomBytes(32).toString("hex"),
        from: `holder-${this.#burns % 10}`,
        burnedBy: `holder-${this.#burns % 10}`,
        amount: "1",
      },
    });
    if (answer.status === 200 || answer.status === 201) return;
    this.violations.push(`a burn was answered ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** The write before it must be in it. */
  async #readBoard(): Promise<void> {
    const { status, body } = await this.#consumer.ask({
      method: "GET",
      path: "/leaderboard/most-burned?period=all&scope=tenant",
    });
    const [first, ...others] = (body["data"] ?? []) as {
      token: { address: string };
      metric: unknown;
    }[];
    const isOwn = first?.token.address === this.#address && others.length === 0;
    if (status !== 200 || !isOwn || String(first.metric) !== String(this.#burns)) {
      this.violations.push(`the tenant's board was answered ${status} ${JSON.stringify(body)}`);
    }
  }
}
