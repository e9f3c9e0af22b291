import { randomUUID } from "node:crypto";
import { openDatabase } from "@orrery/common/repositories/database";
import { createKyselyJournal } from "@orrery/common/repositories/submission-journal/submission-journal.kysely";
import { waitUntil } from "@orrery/devstack/process/wait-until";
import { createSubmissionEngine } from "@orrery/soroban/engine/submission-engine";
import { deriveMarker } from "@orrery/soroban/intent/marker";
import type { Resolution } from "@orrery/soroban/intent/resolution";
import type { SubmissionIntent } from "@orrery/soroban/intent/submission-intent";
import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { createMemoryJournal } from "@orrery/soroban/journal/submission-journal.memory";
import { createHttpSorobanRpc } from "@orrery/soroban/rpc/http-soroban-rpc";
import { createChannelKeys } from "@orrery/soroban/signing/channel-keys";
import { createSecretSigner } from "@orrery/soroban/signing/seed-signer";
import {
  channelMasterSecret,
  NETWORK_PASSPHRASE,
  PAYEE,
  SUBMITTER_SECRET,
  vaultContractId,
} from "../world/accounts.ts";
import type { EngineMessage, EngineOrder, EnginePlan, EngineReport } from "./engine-plan.ts";

// A process of its own that holds one engine and nothing else; orders and reports go over IPC.

const RPC_TIMEOUT_MS = 5_000;
const INTENTS_AT_ONCE = 1_000;
const TENANTS = 10;
const LONGEST_MS = 30 * 60_000;
const AMOUNT_STROOPS = 1_000n;

const plan = JSON.parse(process.argv[2] ?? "") as EnginePlan;
const journal = openJournal();

process.on("message", (order: EngineOrder) => {
  void carryOut(order).then(
    (report) => send({ report }),
    (error: unknown) => send({ failure: error instanceof Error ? error.message : String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));

function send(message: EngineMessage): void {
  process.send?.(message);
}

function openJournal(): SubmissionJournal {
  if (plan.databaseUrl === undefined) return createMemoryJournal();
  const { kysely } = openDatabase({
    url: plan.databaseUrl,
    poolSize: 10,
    applicationName: "orrery-bench-engine",
  });
  return createKyselyJournal({ database: kysely });
}

function createEngine() {
  return createSubmissionEngine({
    journal,
    rpc: createHttpSorobanRpc({ url: plan.ledgerUrl, timeoutMs: RPC_TIMEOUT_MS }),
    networkPassphrase: NETWORK_PASSPHRASE,
    signer: createSecretSigner(SUBMITTER_SECRET),
    channels: {
      count: plan.channels,
      signer: createChannelKeys(channelMasterSecret(plan.name), NETWORK_PASSPHRASE),
    },
    clock: Date.now,
    random: Math.random,
    settings: { expectedLedgerMs: plan.ledgerCloseMs },
  });
}

/** The channel accounts exist from the first order on; an order without charges only makes them. */
async function carryOut(order: EngineOrder): Promise<EngineReport> {
  await insertIntents(order);
  const engine = createEngine();
  const resolutions: Resolution[] = [];
  engine.onResolution((resolution) => resolutions.push(resolution));
  const startMs = performance.now();
  const cpuBefore = process.cpuUsage();
  engine.start();
  const wanted = order.vaults * order.chargesPerVault;
  const timeoutMs = LONGEST_MS;
  await waitUntil(`${wanted} resolutions`, () => resolutions.length >= wanted, {
    timeoutMs,
    intervalMs: 5,
  });
  const elapsedMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  if (wanted === 0) {
    const areReady = async () => (await journal.counts()).channels.ready >= plan.channels;
    await waitUntil("the channels are ready", areReady, { timeoutMs });
  }
  await engine.stop({ graceMs: 5_000 });
  return { elapsedMs, cpuMs: (user + system) / 1_000, ...summaryOf(resolutions) };
}

async function insertIntents({ label, vaults, chargesPerVault }: EngineOrder): Promise<void> {
  const intents: SubmissionIntent[] = [];
  for (let vault = 0; vault < vaults; vault += 1) {
    for (let charge = 0; charge < chargesPerVault; charge += 1) {
      intents.push(intentOf(vault, `${label}-${vault}-${charge}`));
    }
  }
  for (let first = 0; first < intents.length; first += INTENTS_AT_ONCE) {
    await journal.insertIntents(intents.slice(first, first + INTENTS_AT_ONCE));
  }
}

function intentOf(vault: number, subjectId: string): SubmissionIntent {
  const tenantId = `tenant-${vault % TENANTS}`;
  return {
    intentId: randomUUID(),
    tenantId,
    kind: "deduct",
    subjectId,
    vaultContractId: vaultContractId(vault),
    payee: PAYEE,
    amountStroops: AMOUNT_STROOPS,
    marker: deriveMarker(NETWORK_PASSPHRASE, "deduct", tenantId, `${plan.name}-${subjectId}`),
    createdAtMs: Date.now(),
  };
}

function summaryOf(resolutions: readonly Resolution[]): Pick<EngineReport, "states" | "ledgers"> {
  const states: Partial<Record<Resolution["state"], number>> = {};
  const ledgers: Record<number, Set<string>> = {};
  for (const { state, ledger, txHash } of resolutions) {
    states[state] = (states[state] ?? 0) + 1;
    if (ledger === undefined || txHash === undefined) continue;
    ledgers[ledger] ??= new Set();
    ledgers[ledger].add(txHash);
  }
  return {
    states,
    ledgers: Object.fromEntries(
      Object.entries(ledgers).map(([ledger, hashes]) => [ledger, [...hashes]]),
    ),
  };
}
