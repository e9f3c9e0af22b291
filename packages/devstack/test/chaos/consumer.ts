import { setTimeout as delay } from "node:timers/promises";
import type { DemoFile } from "../../src/demo/demo-file.ts";
import type { Diary } from "./diary.ts";

/** Longer than any call may take. */
const TIMEOUT_MS = 20_000;
const AGAIN_MS = 250;
/** A call that got no good answer for so long never gets one. */
const GIVE_UP_MS = 120_000;

export interface ConsumerAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export interface Call {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One tenant's application: it asks again until it is answered, as a good one does. */
export class Consumer {
  readonly tenant: DemoFile["tenants"][number];
  readonly #gatewayUrl: string;
  readonly #diary: Diary;

  constructor(gatewayUrl: string, tenant: DemoFile["tenants"][number], diary: Diary) {
    this.#gatewayUrl = gatewayUrl;
    this.tenant = tenant;
    this.#diary = diary;
  }

  /**
   * The first answer that is none of a server's fault (5xx) and none of the network's.
   * @throws Error when there is none for two minutes
   */
  async ask(call: Call): Promise<ConsumerAnswer> {
    const endMs = performance.now() + GIVE_UP_MS;
    for (;;) {
      const fromMs = performance.now();
      const said = await this.#try(call);
      if (typeof said !== "string") return said;
      const toMs = performance.now();
      const name = `${call.method} ${call.path.replace(/\?.*$/, "")}`;
      this.#diary.troubled({ call: name, said, fromMs, toMs });
      if (toMs > endMs) throw new Error(`${name} is not answered any more: ${said}`);
      await delay(AGAIN_MS);
    }
  }

  /** The answer, or what there was in its place. */
  async #try({ method, path, body, headers }: Call): Promise<ConsumerAnswer | string> {
    this.#diary.called();
    try {
      const response = await fetch(`${this.#gatewayUrl}/api/v1${path}`, {
        method,
        headers: {
          "x-api-key": this.tenant.apiKey,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      if (response.status >= 500) return `${response.status} ${text.slice(0, 300)}`;
      return { status: response.status, body: JSON.parse(text) as Record<string, unknown> };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return `no answer: ${cause instanceof Error ? cause.message : String(cause)}`;
    }
  }
}
