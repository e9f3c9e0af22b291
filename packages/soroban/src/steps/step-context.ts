import type { EngineLogger, EngineSettings } from "../engine/engine-options.ts";
import type { SubmissionJournal } from "../journal/submission-journal.ts";
import type { PacedCalls } from "../pacing/paced-call.ts";
import type { FeeStatsAnswer, SorobanRpc } from "../rpc/soroban-rpc.ts";
import type { Signer } from "../signing/signer.ts";
import type { VaultInterface } from "../vault/vault-call.ts";
import type { VaultReader } from "../vault/vault-reader.ts";

/** Everything a step may touch. All of it is an argument: no step knows a clock or a die of its own. */
export interface StepContext extends PacedCalls {
  readonly journal: SubmissionJournal;
  readonly rpc: SorobanRpc;
  readonly vaults: VaultReader;
  readonly networkPassphrase: string;
  readonly signer: Signer;
  readonly channels: { readonly count: () => number; readonly signer: (index: number) => Signer };
  readonly settings: EngineSettings;
  readonly clock: () => number;
  readonly random: () => number;
  readonly newId: () => string;
  readonly logger: EngineLogger;
  /** How to call a vault: from the contract's own spec where it has one. @throws {RpcError} */
  vaultInterface(contractId: string): Promise<VaultInterface>;
  /** The vault's contract turned out to know no `batch_deduct`. */
  forgetBatching(contractId: string): void;
  /** Whether channels are short: none was free lately, or several submissions want one now. */
  areChannelsShort(): boolean;
  /** Recent fee statistics; undefined when there are none. Never throws. */
  feeStats(): Promise<FeeStatsAnswer | undefined>;
}
