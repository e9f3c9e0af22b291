import { startLedgerSim } from "@orrery/ledger-sim/server";
import { StrKey } from "@stellar/stellar-sdk/base";
import { expect, it, onTestFinished, vi } from "vitest";
import { createSubmissionEngine } from "../src/engine/submission-engine.ts";
import type { Resolution } from "../src/intent/resolution.ts";
import { newIntent } from "../src/journal/contract/fixtures.ts";
import { createMemoryJournal } from "../src/journal/submission-journal.memory.ts";
import { createHttpSorobanRpc } from "../src/rpc/http-soroban-rpc.ts";
import { channelKeys, NETWORK, payee, submitter } from "./support/accounts.ts";

const VAULT = StrKey.encodeContract(new Uint8Array(32).fill(1));
const CLOSE_MS = 50;
const INTENTS = 10;

it("charges each intent once over HTTP, in real time, with its own timers", async () => {
  const sim = await startLedgerSim({
    networkPassphrase: NETWORK,
    closeMs: CLOSE_MS,
    vaultAuthorizedCaller: submitter.publicKey,
  });
  onTestFinished(() => sim.close());
  await sim.call("sim_fund", { contractId: VAULT, amount: "1000" });
  const journal = createMemoryJournal();
  const engine = createSubmissionEngine({
    journal,
    rpc: createHttpSorobanRpc({ url: sim.url, timeoutMs: 10_000 }),
    networkPassphrase: NETWORK,
    signer: submitter,
    channels: { count: 2, signer: channelKeys },
    settings: { expectedLedgerMs: CLOSE_MS },
    clock: Date.now,
    random: Math.random,
  });
  onTestFinished(() => engine.stop({ graceMs: 5_000 }));
  const told = new Map<string, Resolution>();
  engine.onResolution((resolution) => told.set(resolution.intentId, resolution));
  engine.start();
  const intents = Array.from({ length: INTENTS }, () =>
    newIntent({ vaultContractId: VAULT, payee, amountStroops: 10n, createdAtMs: Date.now() }),
  );
  await journal.insertIntents(intents);
  engine.wake();
  await vi.waitUntil(() => told.size === INTENTS, { timeout: 25_000, interval: 10 });
  const { vaults } = (await sim.call("sim_state")) as {
    vaults: Record<string, { balance: string }>;
  };
  expect(vaults[VAULT]?.balance).toBe(String(1_000 - 10 * INTENTS));
  expect([...told.values()].map(({ state }) => state)).toEqual(intents.map(() => "confirmed"));
});
