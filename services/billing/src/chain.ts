import { randomInt } from "node:crypto";
import { systemClock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import type { EngineLogger, EngineSettings } from "@orrery/soroban/engine/engine-options";
import { createSubmissionEngine } from "@orrery/soroban/engine/submission-engine";
import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { connectRpc } from "@orrery/soroban/rpc/connect-rpc";
import { RpcError } from "@orrery/soroban/rpc/rpc-error";
import type { SorobanRpc } from "@orrery/soroban/rpc/soroban-rpc";
import { createChannelKeys } from "@orrery/soroban/signing/channel-keys";
import { createSecretSigner } from "@orrery/soroban/signing/seed-signer";
import { createVaultReader, VaultReadError } from "@orrery/soroban/vault/vault-reader";
import type { ChainBalance } from "./balances/balance-service.ts";
import type { BillingConfig } from "./config.ts";
import { countedRpc, createSubmissionMetrics } from "./submission-metrics.ts";

const MIN_LEDGER_MS = 100;
const RANDOM_STEPS = 2 ** 32;

/** What billing wants of the chain: have intents submitted, and read balances. */
export interface Chain {
  readonly engine: ReturnType<typeof createSubmissionEngine>;
  readonly rpc: SorobanRpc;
  readonly readBalance: (contractId: string) => Promise<ChainBalance>;
}

/** What may be put between the engine and what it works on; production puts nothing there. */
export interface ChainSeams {
  readonly journal?: (journal: SubmissionJournal) => SubmissionJournal;
  readonly rpc?: (rpc: SorobanRpc) => SorobanRpc;
  readonly settings?: Partial<EngineSettings>;
}

/** The engine and the reader over the configured RPC; undefined while the chain is switched off. */
export function connectChain(
  config: BillingConfig,
  parts: {
    readonly journal: SubmissionJournal;
    readonly registry: MetricsRegistry;
    readonly logger: EngineLogger;
  },
  seams: ChainSeams = {},
): Chain | undefined {
  const { journal, registry, logger } = parts;
  const submissions = createSubmissionMetrics(registry);
  const { SOROBAN_RPC_URL, SUBMITTER_SECRET, CHANNEL_MASTER_SECRET, NETWORK_PASSPHRASE } = config;
  if (
    !config.SOROBAN_RPC_ENABLED ||
    SOROBAN_RPC_URL === undefined ||
    SUBMITTER_SECRET === undefined ||
    CHANNEL_MASTER_SECRET === undefined
  ) {
    return undefined;
  }
  const connected = connectRpc({
    urls: [SOROBAN_RPC_URL, ...(config.SOROBAN_RPC_URLS?.split(",") ?? [])],
    timeoutMs: config.SOROBAN_RPC_TIMEOUT_MS,
    clock: systemClock,
  });
  const rpc = seams.rpc?.(connected) ?? connected;
  const signer = createSecretSigner(SUBMITTER_SECRET);
  const engine = createSubmissionEngine({
    journal: seams.journal?.(journal) ?? journal,
    rpc: countedRpc(rpc, submissions),
    networkPassphrase: NETWORK_PASSPHRASE,
    signer,
    channels: {
      count: config.CHANNEL_COUNT,
      signer: createChannelKeys(CHANNEL_MASTER_SECRET, NETWORK_PASSPHRASE),
    },
    clock: systemClock,
    random: () => randomInt(RANDOM_STEPS) / RANDOM_STEPS,
    settings: {
      expiresMs: config.DEDUCT_EXPIRES_S * 1_000,
      // 0 is a simulator that is driven by hand: look as often as at the fastest network.
      expectedLedgerMs: Math.max(config.LEDGER_CLOSE_MS, MIN_LEDGER_MS),
      ...seams.settings,
    },
    logger,
  });
  const reader = createVaultReader({
    rpc,
    networkPassphrase: NETWORK_PASSPHRASE,
    sourcePublicKey: signer.publicKey,
  });
  return {
    engine,
    rpc,
    readBalance: (contractId) => reader.balance(contractId).catch(rethrowReadError),
  };
}

/** With the chain switched off no balance can be told. */
export async function readNoBalance(): Promise<never> {
  throw new ProblemError("soroban_unavailable", "This deployment is not connected to a network.");
}

function rethrowReadError(error: unknown): never {
  if (error instanceof VaultReadError) {
    throw new ProblemError(
      "vault_not_found",
      "The user's vault contract is not on the network, or is not a vault.",
      { cause: error },
    );
  }
  if (error instanceof RpcError) {
    throw new ProblemError("soroban_unavailable", "The chain cannot be read now; try again.", {
      headers: { "retry-after": "1" },
      cause: error,
    });
  }
  throw error;
}
