import { xdr } from "@stellar/stellar-sdk/base";
import type { RideVerdict } from "../batching/part-in-order.ts";
import { buildTransaction } from "../envelope/build-envelope.ts";
import type { AttemptPurpose } from "../intent/attempt.ts";
import type { SubmissionFailure } from "../intent/failure.ts";
import type { Rider } from "../journal/submission-journal.ts";
import { classifySimulation, type SimulationVerdict } from "../outcome/classify-simulation.ts";
import { decideContractError } from "../outcome/decide-failure.ts";
import type { FeeStatsAnswer, LatestLedgerAnswer } from "../rpc/soroban-rpc.ts";
import type { StepContext } from "../steps/step-context.ts";
import { chargeOperation, type VaultInterface } from "../vault/vault-call.ts";
import { chargeTerms } from "./charge-terms.ts";

/** What an attempt is built from. */
export interface ReadyQuote {
  readonly kind: "ready";
  /** `restore`: entries that the charge needs are archived, and come first. */
  readonly purpose: AttemptPurpose;
  readonly ledger: number;
  readonly transactionData: string;
  readonly auth: readonly string[];
  readonly vault: VaultInterface;
  readonly tip: LatestLedgerAnswer;
  readonly fees: FeeStatsAnswer | undefined;
}

/** What the network says about a charge now. */
export type Quote =
  | ReadyQuote
  /** It would fail: nothing is sent. */
  | { readonly kind: "refused"; readonly failure: SubmissionFailure }
  /** The contract has a request id of it already, seen in this ledger. */
  | { readonly kind: "duplicate"; readonly ledger: number };

/** Simulates the charge and reads fees and the newest ledger beside it. @throws {RpcError} */
export async function quoteCharge(
  context: StepContext,
  riders: readonly Rider[],
  vault: VaultInterface,
): Promise<Quote> {
  const [verdict, tip, fees] = await Promise.all([
    simulateCharge(context, riders, vault),
    context.rpc.getLatestLedger(),
    context.feeStats(),
  ]);
  context.observe(tip.sequence);
  if (verdict.kind === "archived") {
    const { ledger, restoreData: transactionData } = verdict;
    return {
      kind: "ready",
      purpose: "restore",
      ledger,
      transactionData,
      auth: [],
      vault,
      tip,
      fees,
    };
  }
  if (verdict.kind !== "ready") return refusal(verdict);
  const { ledger, transactionData, auth } = verdict;
  if (needsForeignAuth(auth)) return FOREIGN_AUTH;
  return { kind: "ready", purpose: "charge", ledger, transactionData, auth, vault, tip, fees };
}

/** Whether these riders could go together now, and if not, why. @throws {RpcError} */
export async function askToRide(
  context: StepContext,
  riders: readonly Rider[],
  vault: VaultInterface,
): Promise<RideVerdict> {
  const verdict = await simulateCharge(context, riders, vault);
  if (verdict.kind === "ready" || verdict.kind === "archived") return { kind: "goes" };
  return refusal(verdict);
}

const FOREIGN_AUTH = {
  kind: "refused",
  failure: {
    reason: "configuration",
    detail: "the call wants an authorisation other than the caller's own",
  },
} as const;

async function simulateCharge(
  context: StepContext,
  riders: readonly Rider[],
  vault: VaultInterface,
): Promise<SimulationVerdict> {
  const charges = riders.map((rider) => chargeTerms(context, rider));
  const transaction = buildTransaction({
    networkPassphrase: context.networkPassphrase,
    sourcePublicKey: context.signer.publicKey,
    sequence: 1n,
    operations: [chargeOperation(charges, vault, [])],
    inclusionFeeStroops: 100n,
    bounds: { maxLedger: 0, maxTimeS: 0 },
  });
  const answer = await context.rpc.simulateTransaction(transaction.toXdr());
  context.observe(answer.latestLedger);
  return classifySimulation(answer);
}

function refusal(
  simulation: Exclude<SimulationVerdict, { kind: "ready" | "archived" }>,
): Exclude<Quote, ReadyQuote> {
  switch (simulation.kind) {
    case "contract_error": {
      const decision = decideContractError(simulation.contractError);
      if (decision.kind === "adopt") return { kind: "duplicate", ledger: simulation.ledger };
      return { kind: "refused", failure: decision.failure };
    }
    case "missing":
      return {
        kind: "refused",
        failure: { reason: "contract_missing", detail: simulation.detail },
      };
    case "host_error":
      return { kind: "refused", failure: { reason: "contract_error", detail: simulation.detail } };
  }
}

/** The operation source's signature serves as the caller's own authorisation, and no other's. */
function needsForeignAuth(auth: readonly string[]): boolean {
  return auth.some(
    (entry) =>
      xdr.SorobanAuthorizationEntry.fromXdr(entry, "base64").credentials.type !==
      "sorobanCredentialsSourceAccount",
  );
}
