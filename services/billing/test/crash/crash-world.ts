import { randomBytes } from "node:crypto";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import { CONTEXT_HEADER, signContext } from "@orrery/common/http/signed-context";
import { reconcileLedgers } from "@orrery/common/reconciliation/reconcile-ledgers";
import { type Database, openDatabase } from "@orrery/common/repositories/database";
import { KyselyChargeRecordRepository } from "@orrery/common/repositories/reconciliation/charge-record-repository.kysely";
import type { Difference } from "@orrery/common/repositories/reconciliation/difference";
import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { createHttpSorobanRpc } from "@orrery/soroban/rpc/http-soroban-rpc";
import { readChargeEvents } from "@orrery/soroban/vault/charge-events";
import { DEFAULT_VAULT_INTERFACE } from "@orrery/soroban/vault/vault-call";
import { createVaultInterfaces } from "@orrery/soroban/vault/vault-interfaces";
import { Keypair, StrKey } from "@stellar/stellar-sdk";
import { vi } from "vitest";
import { ACCOUNTS, DEDUCT } from "../billing-fixture.ts";
import { BillingProcess } from "./billing-process.ts";

const NETWORK = "Orrery Test Network ; 2026";
const FUNDED_STROOPS = 10_000_000_000n;
/** On the busiest machine; leases of what was killed end before. */
const SETTLED_WITHIN_MS = 60_000;
const USERS = Array.from({ length: 6 }, (_, index) => `user-${index}`);

/** One network, one database and as many billing processes on them as a test starts. */
export class CrashWorld {
  readonly sim: LedgerSim;
  readonly #testDatabase: TestDatabase;
  readonly #database: Database;
  readonly #env: Readonly<Record<string, string>>;
  readonly #contextKey: ReturnType<typeof parseContextKeys>[number];
  readonly #vaults = new Map(USERS.map((user) => [user, StrKey.encodeContract(randomBytes(32))]));
  readonly #processes = new Set<BillingProcess>();
  #sent = 0;

  private constructor(sim: LedgerSim, testDatabase: TestDatabase, submitter: Keypair) {
    const keys = `k1:${randomBytes(32).toString("base64")}`;
    this.sim = sim;
    this.#testDatabase = testDatabase;
    this.#database = openDatabase({
      url: testDatabase.url,
      poolSize: 2,
      applicationName: "crash-test",
    });
    this.#contextKey = parseContextKeys(keys)[0];
    this.#env = {
      BILLING_PORT: "0",
      CONTEXT_SIGNING_KEYS: keys,
      EXPORT_URL_KEYS: `e1:${randomBytes(32).toString("base64")}`,
      NETWORK_PASSPHRASE: NETWORK,
      SUBMITTER_SECRET: submitter.secret(),
      CHANNEL_MASTER_SECRET: randomBytes(32).toString("hex"),
      CHANNEL_COUNT: "6",
      LEDGER_CLOSE_MS: "100",
      DATABASE_URL: testDatabase.url,
      SOROBAN_RPC_URL: sim.url,
    };
  }

  static async begin(): Promise<CrashWorld> {
    const submitter = Keypair.random();
    const [testDatabase, sim] = await Promise.all([
      createTestDatabase(),
      startLedgerSim({
        networkPassphrase: NETWORK,
        closeMs: 100,
        vaultAuthorizedCaller: submitter.publicKey(),
      }),
    ]);
    return new CrashWorld(sim, testDatabase, submitter);
  }

  /** Users with funded vaults, and an API to pay for. */
  async register(billing: BillingProcess): Promise<void> {
    const api = { name: "Weather", payoutAddress: ACCOUNTS[0] };
    await this.#call(billing, "PUT", "/billing/apis/weather", api);
    for (const [user, contractId] of this.#vaults) {
      await this.sim.call("sim_fund", { contractId, amount: String(FUNDED_STROOPS) });
      await this.#call(billing, "PUT", `/billing/vaults/${user}`, { contractId });
    }
  }

  async start(crashPoint?: string): Promise<BillingProcess> {
    const billing = await BillingProcess.start(this.#env, crashPoint);
    this.#processes.add(billing);
    return billing;
  }

  /**
   * Two requests of every user at once, half of them over each process, some for more than the vault
   * has; each is sent again to the other process, and whenever the answer is lost with its process.
   */
  async load(doomed: BillingProcess, survivor: BillingProcess): Promise<void> {
    await Promise.all(
      [...USERS, ...USERS].map(async (userId, index) => {
        this.#sent += 1;
        const amountUsdc = index % 5 === 3 ? "5000" : "0.5";
        const request = { ...DEDUCT, requestId: `req-${this.#sent}`, userId, amountUsdc };
        const first = index < USERS.length ? doomed : survivor;
        await this.#deduct(first, request).catch(() => undefined);
        await this.#deduct(survivor, request);
      }),
    );
  }

  /** Waits for the next ledger, so that requests come at the pace of the network. */
  async nextLedger(): Promise<void> {
    const { sequence } = this.sim.ledger.latest;
    const isNext = () => this.sim.ledger.latest.sequence > sequence;
    await vi.waitUntil(isNext, { timeout: SETTLED_WITHIN_MS, interval: 10 });
  }

  /** Waits until nothing is pending and no channel held. */
  async settle(): Promise<void> {
    await vi.waitFor(() => this.#requireSettled(), {
      timeout: SETTLED_WITHIN_MS,
      interval: 50,
    });
  }

  /** Once everything is settled, gives all that rows and chain disagree on. */
  async listDisagreements(): Promise<string[]> {
    await this.settle();
    const toLedger = this.sim.ledger.latest.sequence;
    const { rows } = await this.#database.pool.query<Charge>(
      `select u.request_id, u.status, i.marker, i.amount_stroops::text as stroops,
         i.vault_contract_id from usage_events u join submission_intents i
       on i.tenant_id = u.tenant_id and i.intent_id = u.id`,
    );
    const charged = await this.#countCharges(toLedger);
    const faults = rows.flatMap(({ request_id, status, marker }) => {
      const count = charged.get(marker) ?? 0;
      return count === (status === "confirmed" ? 1 : 0)
        ? []
        : [`${request_id} is ${status} and was charged ${count} times`];
    });
    if (rows.length !== this.#sent) faults.push(`${rows.length} rows of ${this.#sent} requests`);
    return [
      ...faults,
      ...(await this.#listBalanceFaults(rows)),
      ...(await this.#reconcile(toLedger)).map((difference) => JSON.stringify(difference)),
    ];
  }

  /** How many requests were confirmed, and how many failed. */
  async counts(): Promise<Record<string, number>> {
    const { rows } = await this.#database.pool.query<{ status: string; count: number }>(
      "select status, count(*)::int as count from usage_events group by status",
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  async end(): Promise<void> {
    const running = [...this.#processes].filter(({ isRunning }) => isRunning);
    await Promise.all(running.map((billing) => billing.stop()));
    await this.#database.close();
    await this.sim.close();
    await this.#testDatabase.drop();
  }

  async #deduct(billing: BillingProcess, request: object): Promise<void> {
    await this.#call(billing, "POST", "/billing/deduct", request);
  }

  async #call(billing: BillingProcess, method: string, path: string, payload: object) {
    const scopes = ["billing:read", "billing:write"] as const;
    const context = { tenantId: "acme", principal: "key:1", scopes };
    const response = await fetch(`${billing.url}/api/v1${path}`, {
      method,
      headers: {
        "content-type": "application/json",
        prefer: "respond-async",
        [CONTEXT_HEADER]: signContext(context, "billing", this.#contextKey),
      },
      body: JSON.stringify(payload),
    });
    const body = await response.text();
    // 402: the chain has said no to the first of the two by now.
    if (!response.ok && response.status !== 402) throw new Error(`${response.status} ${body}`);
  }

  async #requireSettled(): Promise<void> {
    const { rows } = await this.#database.pool.query<{ pending: number }>(
      `select (select count(*) from usage_events where status = 'pending')::int
         + (select count(*) from submission_intents
            where state in ('received', 'prepared', 'sent', 'dead', 'unknown'))::int as pending`,
    );
    if (rows[0]?.pending !== 0) throw new Error(`${rows[0]?.pending} are not settled`);
    const held = await this.#listHeldChannels();
    if (held.length > 0) throw new Error(held.join(", "));
  }

  async #countCharges(toLedger: number): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for (const vaultContractId of this.#vaults.values()) {
      const range = { vaultContractId, fromLedger: 2, toLedger };
      for await (const events of readChargeEvents(this.#rpc(), range)) {
        for (const { marker = "" } of events) counts.set(marker, (counts.get(marker) ?? 0) + 1);
      }
    }
    return counts;
  }

  async #listBalanceFaults(rows: readonly Charge[]): Promise<string[]> {
    const state = (await this.sim.call("sim_state")) as {
      vaults: Record<string, { balance: string }>;
    };
    return [...this.#vaults.values()].flatMap((vault) => {
      const charged = rows
        .filter((row) => row.vault_contract_id === vault && row.status === "confirmed")
        .reduce((sum, row) => sum + BigInt(row.stroops), 0n);
      const balance = BigInt(state.vaults[vault]?.balance ?? "-1");
      const expected = FUNDED_STROOPS - charged;
      return balance === expected ? [] : [`${vault} has ${balance}, the rows say ${expected}`];
    });
  }

  /** A lease that a killed process held ends by itself; a bond never does. */
  async #listHeldChannels(): Promise<string[]> {
    const { rows } = await this.#database.pool.query<{ channel_index: number; state: string }>(
      `select channel_index, state from submission_channels
       where state not in ('ready', 'leased') or (state = 'leased' and until_ms > $1)`,
      [Date.now()],
    );
    return rows.map((row) => `channel ${row.channel_index} is ${row.state}`);
  }

  async #reconcile(toLedger: number): Promise<Difference[]> {
    const differences: Difference[] = [];
    const rpc = this.#rpc();
    await reconcileLedgers(
      {
        rpc,
        records: new KyselyChargeRecordRepository(this.#database.kysely),
        interfaces: createVaultInterfaces(rpc, DEFAULT_VAULT_INTERFACE),
      },
      { fromLedger: 2, toLedger },
      { onDifference: (difference) => void differences.push(difference) },
    );
    return differences;
  }

  #rpc() {
    return createHttpSorobanRpc({ url: this.sim.url, timeoutMs: 20_000 });
  }
}

interface Charge {
  readonly request_id: string;
  readonly status: string;
  readonly marker: string;
  readonly stroops: string;
  readonly vault_contract_id: string;
}
