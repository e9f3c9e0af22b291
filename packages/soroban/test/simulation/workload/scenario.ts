import { StrKey } from "@stellar/stellar-sdk/base";
import { deriveMarker } from "../../../src/intent/marker.ts";
import type { SubmissionIntent } from "../../../src/intent/submission-intent.ts";
import { createChannelKeys } from "../../../src/signing/channel-keys.ts";
import { createSeedSigner } from "../../../src/signing/seed-signer.ts";
import type { SeededRandom } from "../clockwork/seeded-random.ts";
import { type Guards, guardPlan } from "./guards.ts";

export const PASSPHRASE = "Orrery Simulation ; 2026";
export const SUBMITTER = createSeedSigner(new Uint8Array(32).fill(42));
export const CHANNEL_KEYS = createChannelKeys("5a".repeat(32), PASSPHRASE);

export interface VaultPlan {
  readonly contractId: string;
  readonly tenantId: string;
  readonly hasMarkers: boolean;
  readonly balanceStroops: bigint;
  readonly maxDeductStroops: bigint | undefined;
  readonly deposits: readonly { readonly atMs: number; readonly stroops: bigint }[];
  /** When it is paused; from the start when `fromMs` is 0. */
  readonly pause: { readonly fromMs: number; readonly untilMs: number } | undefined;
}

/** One accepted request, and when its caller comes again. */
export interface RequestPlan {
  readonly intent: SubmissionIntent;
  readonly atMs: number;
  /** The caller asks again at these times, whatever has become of it. */
  readonly duplicatesAtMs: readonly number[];
}

/** What the world is made of and what is asked of it; nothing of it depends on what happens. */
export interface Scenario {
  readonly guards: Guards;
  readonly vaults: readonly VaultPlan[];
  readonly requests: readonly RequestPlan[];
  readonly channelCount: number;
  /** Whether an earlier life of the system has made the channel accounts. */
  readonly hasChannels: boolean;
  readonly engineCount: number;
  /** Whether the network forgets within minutes. */
  readonly isForgetful: boolean;
  /** Whether the engines know each node by its own address. */
  readonly hasFailover: boolean;
  /** How many intents of a vault ride together at most. */
  readonly maxBatch: number;
  /** The last request is there, and faults go on for a while. */
  readonly faultsEndMs: number;
}

const LEAST_AMOUNT = 1_000n;
const VAULT_KINDS = [..."rich ".repeat(8).trim().split(" "), "poor", "paused", "capped"];
/** Fixed names: the simulator decodes each only once in the life of the process. */
const CONTRACTS = Array.from({ length: 12 }, (_, n) =>
  StrKey.encodeContract(new Uint8Array(32).fill(n + 1)),
);
const PAYEES = [201, 202, 203].map((byte) =>
  StrKey.encodeEd25519PublicKey(new Uint8Array(32).fill(byte)),
);

interface ScenarioOptions {
  readonly requests: number;
  readonly guards: Guards;
  readonly startMs: number;
  /** Whether the network forgets soon: every vault then remembers its requests, whatever is drawn. */
  readonly isForgetful: boolean;
}

/** Draws a scenario. Times are milliseconds after `startMs`. */
export function drawScenario(random: SeededRandom, options: ScenarioOptions): Scenario {
  const { guards, startMs, isForgetful } = options;
  const channelCount = random.pick([2, 5, 10, 20]);
  const arrivalsMs = Math.round(random.pick([1, 150, 400]) * options.requests);
  const tenants = ["acme", "bolt", "corp"].slice(0, random.between(1, 3));
  const vaultCount = random.between(3, CONTRACTS.length);
  const owners = CONTRACTS.slice(0, vaultCount).map((contractId) => ({
    contractId,
    tenantId: random.pick(tenants),
  }));
  const requests = Array.from({ length: options.requests }, (_, index): RequestPlan => {
    const owner = random.pick(owners);
    const atMs = random.between(0, arrivalsMs);
    const subjectId = `req-${index}`;
    const { tenantId, contractId: vaultContractId } = owner;
    const intent = {
      intentId: `${random.uuid().slice(0, 24)}${String(index).padStart(12, "0")}`,
      tenantId,
      kind: "deduct" as const,
      subjectId,
      vaultContractId,
      payee: random.pick(PAYEES),
      amountStroops: LEAST_AMOUNT + BigInt(index),
      marker: deriveMarker(PASSPHRASE, "deduct", tenantId, subjectId),
      createdAtMs: startMs + atMs,
    };
    const duplicates = random.chance(0.2) ? random.between(1, 3) : 0;
    const again = () => atMs + random.between(0, 60_000);
    return { intent, atMs, duplicatesAtMs: Array.from({ length: duplicates }, again) };
  });
  const sumOf = (contractId: string) =>
    requests
      .filter(({ intent }) => intent.vaultContractId === contractId)
      .reduce((sum, { intent }) => sum + intent.amountStroops, 0n);
  return {
    guards,
    vaults: owners
      .map((owner) => drawVault(random, owner, sumOf(owner.contractId), guards))
      .map((vault) => (isForgetful ? { ...vault, hasMarkers: true } : vault)),
    requests,
    channelCount,
    hasChannels: random.chance(0.8),
    engineCount: random.between(1, 3),
    maxBatch: random.pick([4, 50, 50, 50]),
    faultsEndMs: arrivalsMs + random.between(30_000, 120_000),
    hasFailover: random.chance(0.2),
    isForgetful,
  };
}

function drawVault(
  random: SeededRandom,
  owner: { readonly contractId: string; readonly tenantId: string },
  askedStroops: bigint,
  guards: Guards,
): VaultPlan {
  const kind = random.pick(VAULT_KINDS);
  const mayHaveMarkers = random.chance(0.7);
  const fromMs = random.chance(0.5) ? 0 : random.between(1, 40_000);
  return {
    ...owner,
    hasMarkers: guardPlan(guards).hasMarkers ?? mayHaveMarkers,
    balanceStroops: kind === "poor" ? askedStroops / 2n : askedStroops * 2n,
    maxDeductStroops: kind === "capped" ? LEAST_AMOUNT + BigInt(random.between(1, 400)) : undefined,
    deposits:
      kind === "poor" ? [{ atMs: random.between(10_000, 90_000), stroops: askedStroops }] : [],
    pause:
      kind === "paused" ? { fromMs, untilMs: fromMs + random.between(10_000, 60_000) } : undefined,
  };
}
