import { API_PREFIX } from "@orrery/common/contracts/operations";
import type { Scope } from "@orrery/common/contracts/scope";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import { CONTEXT_HEADER, signContext } from "@orrery/common/http/signed-context";
import { type Catalog, composeCatalog } from "../src/compose.ts";
import { readConfig } from "../src/config.ts";

export const CONTEXT_SIGNING_KEYS = `test:${Buffer.alloc(32, 7).toString("base64")}`;
export const MEDIA_URL_KEYS = `test:${Buffer.alloc(32, 9).toString("base64")}`;
const [key] = parseContextKeys(CONTEXT_SIGNING_KEYS);

export interface Answer {
  readonly status: number;
  // What the tests look into is theirs to know.
  readonly body: Record<string, never> & {
    data: { rank: number; token: { address: string }; metric: string; address: string }[];
    meta: Record<string, unknown>;
    code: string;
    errors: { pointer: string; detail: string; in?: string }[];
  };
  readonly text: string;
  readonly headers: Record<string, unknown>;
}

export interface CallOptions {
  tenantId?: string;
  scopes?: readonly Scope[];
  headers?: Record<string, string>;
}

/** A catalog in this process, called as the gateway calls it. */
export class CatalogClient {
  readonly catalog: Catalog;

  private constructor(catalog: Catalog) {
    this.catalog = catalog;
  }

  static async start(env: Record<string, string> = {}): Promise<CatalogClient> {
    const persistence = env.DATABASE_URL === undefined ? { PERSISTENCE: "memory" } : {};
    const config = readConfig({
      LOG_LEVEL: "silent",
      CONTEXT_SIGNING_KEYS,
      MEDIA_URL_KEYS,
      METRICS_ENABLED: "false",
      ...persistence,
      ...env,
    });
    const catalog = composeCatalog(config);
    await catalog.start();
    await catalog.app.ready();
    return new CatalogClient(catalog);
  }

  async close(): Promise<void> {
    this.catalog.onDrain();
    await this.catalog.app.close();
    for (const close of this.catalog.closers) await close();
  }

  /** What the gateway says of the caller. */
  contextHeaders(options: Omit<CallOptions, "headers"> = {}): Record<string, string> {
    const { tenantId = "acme", scopes = ["catalog:read", "catalog:write"] } = options;
    const context = { tenantId, principal: "key:test", scopes };
    return { [CONTEXT_HEADER]: signContext(context, "catalog", key) };
  }

  async call(
    method: "GET" | "POST",
    path: string,
    body?: unknown,
    options: CallOptions = {},
  ): Promise<Answer> {
    const response = await this.catalog.app.inject({
      method,
      url: `${API_PREFIX}${path}`,
      headers: { ...this.contextHeaders(options), ...options.headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    const isJson = String(response.headers["content-type"]).includes("json");
    return {
      status: response.statusCode,
      body: isJson ? response.json() : {},
      text: response.body,
      headers: response.headers,
    } as Answer;
  }

  get(path: string, options?: CallOptions): Promise<Answer> {
    return this.call("GET", path, undefined, options);
  }

  post(path: string, body: unknown, options?: CallOptions): Promise<Answer> {
    return this.call("POST", path, body, options);
  }

  createToken(address: string, fields: object = {}, options?: CallOptions): Promise<Answer> {
    const token = { address, name: "Nova", symbol: "NOV", decimals: 7, totalSupply: "1000" };
    return this.post("/tokens", { ...token, ...fields }, options);
  }

  burn(address: string, fields: object = {}, options?: CallOptions): Promise<Answer> {
    const burn = { txHash: "tx", from: "ada", amount: "10", burnedBy: "ada" };
    return this.post(`/tokens/${address}/burns`, { ...burn, ...fields }, options);
  }

  createPool(poolId: string, fields: object = {}, options?: CallOptions): Promise<Answer> {
    const pool = {
      eventId: `create-${poolId}`,
      poolId,
      name: "Final",
      category: "sports",
      token: "USDC",
      endTime: "2027-01-01T00:00:00Z",
    };
    return this.post("/pools", { ...pool, ...fields }, options);
  }

  predict(poolId: string, eventId: string, fields: object = {}, options?: CallOptions) {
    const prediction = { eventId, userAddress: "ada", outcome: "yes", amount: "1.5" };
    return this.post(`/pools/${poolId}/predictions`, { ...prediction, ...fields }, options);
  }
}
