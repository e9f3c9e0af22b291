import { setTimeout as delay } from "node:timers/promises";
import { LedgerClient } from "../../src/stack/ledger-client.ts";
import type { BurningLoad } from "./burning-load.ts";
import type { ChargingLoad } from "./charging-load.ts";
import type { Consumer } from "./consumer.ts";

/** A promise, and how it was broken. */
export interface Invariant {
  readonly name: string;
  readonly violations: readonly string[];
}

/** Everything that was accepted is on chain within this time after the last fault. */
const SETTLED_MS = 120_000;
const LOOK_MS = 250;
const READERS = 8;

/** The balance of a tenant's first vault, by the chain. */
export async function balanceOf(ledgerUrl: string, consumer: Consumer): Promise<bigint> {
  const contractId = consumer.tenant.users[0]?.vaultContractId ?? "";
  const vault = (await new LedgerClient(ledgerUrl).findState())?.vaults[contractId];
  if (vault === undefined) throw new Error(`the chain does not know ${contractId}`);
  return BigInt(vault.balance);
}

/** Whether each charge is confirmed, once its tenant asks; those that are not in time. */
export async function findUnsettled(load: ChargingLoad): Promise<readonly string[]> {
  const endMs = performance.now() + SETTLED_MS;
  let left = [...load.asked];
  while (left.length > 0 && performance.now() < endMs) {
    left = await stillOpen(load, left);
    if (left.length > 0) await delay(LOOK_MS);
  }
  return left.map(({ requestId, consumer }) => `${requestId} of ${consumer.tenant.tenantId}`);
}

async function stillOpen(load: ChargingLoad, asked: ChargingLoad["asked"]) {
  const open: (typeof asked)[number][] = [];
  const queue = [...asked];
  const read = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const status = await load.read(next);
      if (status === "pending") open.push(next);
      else if (status !== "confirmed") load.violations.push(`${next.requestId} is ${status}`);
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
  return open;
}

/** What the chain took against what was asked for, vault by vault, to the stroop. */
export async function chargeDifferences(
  ledgerUrl: string,
  load: ChargingLoad,
  before: ReadonlyMap<Consumer, bigint>,
): Promise<readonly string[]> {
  const differences: string[] = [];
  for (const [consumer, balance] of before) {
    const charged = balance - (await balanceOf(ledgerUrl, consumer));
    const expected = load.expectedStroops(consumer);
    if (charged === expected) continue;
    differences.push(`${consumer.tenant.tenantId}: ${expected} stroops were due, ${charged} taken`);
  }
  return differences;
}

export async function burnDifferences(burning: BurningLoad): Promise<readonly string[]> {
  await burning.check();
  return burning.violations;
}
