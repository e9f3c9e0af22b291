import { setTimeout as delay } from "node:timers/promises";
import { formatUsdc } from "@orrery/common/contracts/money";
import type { Consumer, ConsumerAnswer } from "./consumer.ts";

const PAUSE_MS = 40;
/** Of the requests known to be accepted, one in so many calls is read back at once. */
const READ_EVERY = 3;

/** A charge that was acknowledged, or will be asked for until it is. */
interface Asked {
  readonly consumer: Consumer;
  readonly requestId: string;
  readonly amountStroops: bigint;
}

/**
 * Consumers of two tenants that charge under the same request ids, each another amount: what one is
 * told of the other's charge shows at once.
 */
export class ChargingLoad {
  readonly #consumers: readonly Consumer[];
  readonly #asked: Asked[] = [];
  readonly violations: string[] = [];
  #isStopping = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor(consumers: readonly Consumer[]) {
    this.#consumers = consumers;
  }

  get asked(): readonly Asked[] {
    return this.#asked;
  }

  start(): void {
    this.#running = Promise.all(
      this.#consumers.map((consumer, index) => this.#work(consumer, BigInt(100 + index))),
    );
  }

  /** After every charge that was asked for is acknowledged. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
  }

  /** What a tenant's first vault must have been charged. */
  expectedStroops(consumer: Consumer): bigint {
    return this.#asked
      .filter((asked) => asked.consumer === consumer)
      .reduce((sum, { amountStroops }) => sum + amountStroops, 0n);
  }

  /** The state of one charge, which must be the tenant's own. */
  async read({ consumer, requestId, amountStroops }: Asked): Promise<string> {
    const answer = await consumer.ask({ method: "GET", path: `/billing/request/${requestId}` });
    if (answer.status !== 200) {
      this.violations.push(`acknowledged ${requestId} is answered ${describe(answer)}`);
      return "lost";
    }
    this.#check(answer, requestId, amountStroops);
    return String(answer.body["status"]);
  }

  async #work(consumer: Consumer, amountStroops: bigint): Promise<void> {
    for (let turn = 0; !this.#isStopping; turn += 1) {
      const asked = { consumer, requestId: `chaos-${turn}`, amountStroops };
      try {
        await this.#charge(asked);
        if (turn % READ_EVERY === 0) await this.read(asked);
      } catch (error) {
        this.violations.push(String(error));
      }
      await delay(PAUSE_MS);
    }
  }

  async #charge(asked: Asked): Promise<void> {
    const { consumer, requestId, amountStroops } = asked;
    const [user] = consumer.tenant.users;
    const [api] = consumer.tenant.apis;
    this.#asked.push(asked);
    const answer = await consumer.ask({
      method: "POST",
      path: "/billing/deduct",
      headers: { prefer: "wait=1" },
      body: {
        requestId,
        userId: user?.userId,
        apiId: api?.apiId,
        endpointId: "chaos",
        apiKeyId: "chaos",
        amountUsdc: formatUsdc(amountStroops),
      },
    });
    if (![200, 201, 202].includes(answer.status)) {
      this.violations.push(`${requestId} was answered ${describe(answer)}`);
      return;
    }
    this.#check(answer, requestId, amountStroops);
  }

  #check({ body }: ConsumerAnswer, requestId: string, amountStroops: bigint): void {
    if (body["requestId"] === requestId && body["amountUsdc"] === formatUsdc(amountStroops)) {
      return;
    }
    this.violations.push(`${requestId} of ${amountStroops} was told ${JSON.stringify(body)}`);
  }
}

function describe({ status, body }: ConsumerAnswer): string {
  return `${status} ${JSON.stringify(body)}`;
}
