import { randomBytes } from "node:crypto";
import { LINK_CONTEXT } from "@orrery/common/contracts/request-context";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import { CONTEXT_HEADER, signContext } from "@orrery/common/http/signed-context";
import type { LedgerSim } from "@orrery/ledger-sim/server";
import { Keypair } from "@stellar/stellar-sdk";
import { type Billing, compose } from "../src/compose.ts";
import { readConfig } from "../src/config.ts";
import { CONTRACTS } from "./billing-fixture.ts";

/** Instances of billing in this process, as composed for production, on one database and network. */
export class BillingInstances {
  readonly submitter = Keypair.random();
  /** What every instance starts with; the addresses are added once they are known. */
  readonly env: Record<string, string>;
  readonly #contextKey: ReturnType<typeof parseContextKeys>[number];
  readonly #running = new Set<Billing>();

  constructor(networkPassphrase: string) {
    const keys = `k1:${randomBytes(32).toString("base64")}`;
    this.#contextKey = parseContextKeys(keys)[0];
    this.env = {
      CONTEXT_SIGNING_KEYS: keys,
      EXPORT_URL_KEYS: `e1:${randomBytes(32).toString("base64")}`,
      NETWORK_PASSPHRASE: networkPassphrase,
      SUBMITTER_SECRET: this.submitter.secret(),
      CHANNEL_MASTER_SECRET: randomBytes(32).toString("hex"),
      CHANNEL_COUNT: "4",
      LEDGER_CLOSE_MS: "100",
      LOG_LEVEL: "silent",
    };
  }

  async start(changes: Record<string, string> = {}): Promise<Billing> {
    const billing = compose(readConfig({ ...this.env, ...changes }));
    await billing.start();
    await billing.app.ready();
    this.#running.add(billing);
    return billing;
  }

  async stop(billing: Billing): Promise<void> {
    this.#running.delete(billing);
    billing.release();
    await billing.app.close();
    await billing.stop();
  }

  async stopAll(): Promise<void> {
    for (const billing of [...this.#running]) await this.stop(billing);
  }

  /** A call of the tenant `acme`, as the gateway would pass it on. */
  call(
    billing: Billing,
    method: "GET" | "POST" | "PUT",
    path: string,
    payload?: object,
    headers: Record<string, string> = {},
  ) {
    return billing.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...this.contextHeaders(), ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
  }

  /** What the gateway says of the tenant `acme`. */
  contextHeaders(): Record<string, string> {
    const scopes = ["billing:read", "billing:write"] as const;
    const context = { tenantId: "acme", principal: "key:1", scopes };
    return { [CONTEXT_HEADER]: signContext(context, "billing", this.#contextKey) };
  }

  /** What the gateway says when a link is the credential. */
  linkHeaders(): Record<string, string> {
    return { [CONTEXT_HEADER]: signContext(LINK_CONTEXT, "billing", this.#contextKey) };
  }
}

/** What the first test vault holds on chain, in stroops. */
export async function vaultBalance(sim: LedgerSim): Promise<bigint> {
  const state = (await sim.call("sim_state")) as { vaults: Record<string, { balance: string }> };
  return BigInt(state.vaults[CONTRACTS[0]]?.balance ?? "0");
}
