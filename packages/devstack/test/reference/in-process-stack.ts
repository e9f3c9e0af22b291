import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compose as composeBilling } from "@orrery/billing/compose";
import { readConfig as readBillingConfig } from "@orrery/billing/config";
import { composeCatalog } from "@orrery/catalog/compose";
import { readConfig as readCatalogConfig } from "@orrery/catalog/config";
import type { ContractDatabase } from "@orrery/common/testing/contract-database";
import { composeGateway } from "@orrery/gateway/compose";
import { readConfig as readGatewayConfig } from "@orrery/gateway/config";
import { startLedgerSim } from "@orrery/ledger-sim/server";
import { Keypair } from "@stellar/stellar-sdk";

/** Where consumers reach the API, as links in answers say. */
const PUBLIC_URL = "https://api.example.com";
/** The vault that the reference's examples pay from, another one, and what each holds. */
export const VAULT = "CA3D5KRYM6CB7OWQ6TWYRR3Z4T7GNZLKERYNZGGA5SOAOPIFY6YQGAXE";
export const OTHER_VAULT = "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC";
const FUNDS_STROOPS = 1_000_000_000n;
const NETWORK = "Orrery Reference Network ; 2026";
const LEDGER_CLOSE_MS = 100;

export interface InProcessStack {
  readonly gatewayUrl: string;
  readonly adminToken: string;
  stop(): Promise<void>;
}

/** The three services as composed for production, in this process, on a real database and network. */
export async function startInProcessStack(database: ContractDatabase): Promise<InProcessStack> {
  const folder = await mkdtemp(join(tmpdir(), "orrery-reference-"));
  const submitter = Keypair.random();
  const sim = await startLedgerSim({
    networkPassphrase: NETWORK,
    closeMs: LEDGER_CLOSE_MS,
    vaultAuthorizedCaller: submitter.publicKey(),
  });
  for (const contractId of [VAULT, OTHER_VAULT]) {
    await sim.call("sim_fund", { contractId, amount: String(FUNDS_STROOPS) });
  }
  const key = () => `k1:${randomBytes(32).toString("base64")}`;
  const shared = {
    LOG_LEVEL: "silent",
    CONTEXT_SIGNING_KEYS: key(),
    OBJECT_STORE_DIR: folder,
    PUBLIC_URL,
  };
  const billing = composeBilling(
    readBillingConfig({
      ...shared,
      DATABASE_URL: database.loginUrl("billing"),
      EXPORT_URL_KEYS: key(),
      SOROBAN_RPC_URL: sim.url,
      NETWORK_PASSPHRASE: NETWORK,
      SUBMITTER_SECRET: submitter.secret(),
      CHANNEL_MASTER_SECRET: randomBytes(32).toString("hex"),
      CHANNEL_COUNT: "4",
      LEDGER_CLOSE_MS: String(LEDGER_CLOSE_MS),
      // More ledgers than a test waits: a withdrawal is shown while it is pending.
      WITHDRAWAL_MIN_CONFIRMATIONS: "1000",
    }),
  );
  const catalog = composeCatalog(
    readCatalogConfig({
      ...shared,
      DATABASE_URL: database.loginUrl("catalog"),
      MEDIA_URL_KEYS: key(),
    }),
  );
  const adminToken = randomBytes(32).toString("hex");
  await Promise.all([billing.start(), catalog.start()]);
  const listening = { host: "127.0.0.1", port: 0 };
  const gateway = composeGateway(
    readGatewayConfig({
      ...shared,
      DATABASE_URL: database.loginUrl("gateway"),
      BILLING_URL: await billing.app.listen(listening),
      CATALOG_URL: await catalog.app.listen(listening),
      ADMIN_TOKEN: adminToken,
      // Attacks ask for exports and guess at credentials far more often than consumers do.
      LIMIT_EXPORTS_PER_MINUTE: "1000",
      LIMIT_AUTH_FAILURES_PER_MINUTE: "100000",
    }),
  );
  await gateway.start();
  const gatewayUrl = await gateway.app.listen(listening);
  const stop = async () => {
    gateway.health.drain();
    await gateway.app.close();
    for (const close of gateway.closers) await close();
    catalog.onDrain();
    await catalog.app.close();
    for (const close of catalog.closers) await close();
    billing.release();
    await billing.app.close();
    await billing.stop();
    await sim.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  return { gatewayUrl, adminToken, stop };
}
