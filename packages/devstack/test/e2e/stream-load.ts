import type { DemoFile } from "../../src/demo/demo-file.ts";

interface LoadAnswer {
  readonly status: number;
  readonly text: string;
  readonly isReplayed: boolean;
}

/** What a caller knows of a stream that it made. */
interface KnownStream {
  readonly id: string;
  readonly isSettled: boolean;
}

const WORKERS = 4;
/** Longer than any call may take: a call that takes longer has failed. */
const TIMEOUT_MS = 30_000;

/**
 * Consumers that make streams, start, pause and settle them, send requests twice, and read what they
 * wrote, one call after the other; every answer that is not the right one is a failure.
 */
export class StreamLoad {
  readonly failures: string[] = [];
  readonly streams: KnownStream[] = [];
  readonly #tenant: DemoFile["tenants"][number];
  readonly #gatewayUrl: string;
  #calls = 0;
  #round = 0;
  #isStopping = false;
  #running: Promise<unknown> = Promise.resolve();

  constructor({ gatewayUrl, tenants: [tenant] }: DemoFile) {
    if (tenant === undefined) throw new Error("the demo has no tenant");
    this.#tenant = tenant;
    this.#gatewayUrl = gatewayUrl;
  }

  get calls(): number {
    return this.#calls;
  }

  start(): void {
    this.#isStopping = false;
    this.#running = Promise.all(Array.from({ length: WORKERS }, () => this.#work()));
  }

  /** After the calls that are under way. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
  }

  async call(method: string, path: string, body?: object, key?: string): Promise<LoadAnswer> {
    const response = await fetch(`${this.#gatewayUrl}/api/v1${path}`, {
      method,
      headers: {
        "x-api-key": this.#tenant.apiKey,
        ...(key === undefined ? {} : { "idempotency-key": key }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    this.#calls += 1;
    const isReplayed = response.headers.get("idempotent-replayed") === "true";
    return { status: response.status, text: await response.text(), isReplayed };
  }

  /** Reads every stream that was made, as it must be by now. */
  async checkAll(): Promise<void> {
    for (let start = 0; start < this.streams.length; start += WORKERS) {
      const some = this.streams.slice(start, start + WORKERS);
      await Promise.all(some.map((stream) => this.#check(stream)));
    }
  }

  async #work(): Promise<void> {
    while (!this.#isStopping) {
      this.#round += 1;
      try {
        await this.#live(this.#round);
      } catch (error) {
        this.failures.push(`no answer: ${String(error)}`);
      }
    }
  }

  /** The life of one stream. */
  async #live(round: number): Promise<void> {
    const [user] = this.#tenant.users;
    const [api] = this.#tenant.apis;
    const body = {
      senderUserId: user?.userId,
      recipient: api?.payoutAddress,
      ratePerSecondStroops: "1000",
      totalAmountUsdc: "0.01",
    };
    const made = await this.#must([201], "POST", "/streams", body, `make-${round}`);
    const again = await this.#must([201], "POST", "/streams", body, `make-${round}`);
    if (again.text !== made.text || !again.isReplayed) {
      this.failures.push(`a repeat was answered ${again.text} after ${made.text}`);
    }
    const { id } = JSON.parse(made.text) as { id: string };
    await this.#must([200], "POST", `/streams/${id}/start`, {});
    await this.#must([200], "POST", `/streams/${id}/pause`, {}, `pause-${round}`);
    const isSettled = round % 3 === 0;
    if (isSettled) {
      await this.#must([200, 202], "POST", `/streams/${id}/settle`, {}, `settle-${round}`);
    }
    const stream = { id, isSettled };
    this.streams.push(stream);
    await this.#check(stream);
    const page = await this.#must([200], "GET", "/streams?limit=2");
    const { meta } = JSON.parse(page.text) as { meta: { nextCursor: string | null } };
    if (meta.nextCursor !== null) {
      await this.#must([200], "GET", `/streams?limit=2&cursor=${meta.nextCursor}`);
    }
  }

  /** A stream is told of by all that has happened to it. */
  async #check({ id, isSettled }: KnownStream): Promise<void> {
    const found = await this.#must([200], "GET", `/streams/${id}`);
    const { status } = JSON.parse(found.text) as { status: string };
    const told = await this.#must([200], "GET", `/streams/${id}/activity`);
    const types = (JSON.parse(told.text) as { data: { type: string }[] }).data.map(
      ({ type }) => type,
    );
    const expected = ["stream.created", "stream.started", "stream.paused"];
    const isWhole = expected.every((type) => types.includes(type));
    const isEnded = isSettled ? status === "ended" || types.length === 4 : status === "paused";
    if (!isWhole || !isEnded) this.failures.push(`stream ${id} is ${status}: ${types.join(", ")}`);
  }

  async #must(
    statuses: readonly number[],
    method: string,
    path: string,
    body?: object,
    key?: string,
  ): Promise<LoadAnswer> {
    const answer = await this.call(method, path, body, key);
    if (!statuses.includes(answer.status)) {
      this.failures.push(`${method} ${path} was answered ${answer.status}: ${answer.text}`);
    }
    return answer;
  }
}
