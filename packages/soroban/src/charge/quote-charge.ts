import type { RideAnswer } from "../batching/part-in-order.ts";
import { unsignedEnvelopeXdr } from "../envelope/encode-transaction.ts";
import type { AttemptPurpose } from "../intent/attempt.ts";
import type { SubmissionFailure } from "../intent/failure.ts";
import type { Rider } from "../journal/submission-journal.ts";
import { classifySimulation, type SimulationVerdict } from "../outcome/classify-simulation.ts";
import { decideContractError } from "../outcome/decide-failure.ts";
import type { FeeStatsAnswer, LatestLedgerAnswer } from "../rpc/soroban-rpc.ts";
import type { StepContext } from "../steps/step-context.ts";
import { encodeCharge, type VaultInterface } from "../vault/vault-call.ts";
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
  | {
      readonly kind: "refused";
      readonly failure: SubmissionFailure;
      /** The ledger in which it would. */
      readonly ledger: number;
    }
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
    context.tip(),
    context.feeStats(),
  ]);
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
  if (needsForeignAuth(auth)) return { ...FOREIGN_AUTH, ledger };
  return { kind: "ready", purpose: "charge", ledger, transactionData, auth, vault, tip, fees };
}

/** Whether these riders could go together now, and if not, why. @throws {RpcError} */
export async function askToRide(
  context: StepContext,
  riders: readonly Rider[],
  vault: VaultInterface,
): Promise<RideAnswer> {
  const simulation = await simulateCharge(context, riders, vault);
  const { kind, ledger } = simulation;
  if (kind === "archived") return { verdict: { kind: "goes" }, ledger };
  if (kind !== "ready") return rideAnswer(refusal(simulation));
  return { verdict: needsForeignAuth(simulation.auth) ? FOREIGN_AUTH : { kind: "goes" }, ledger };
}

/** What a quote that is no offer says of the riders that it was made for. */
export function rideAnswer(quote: Exclude<Quote, ReadyQuote>): RideAnswer {
  const { ledger } = quote;
  if (quote.kind === "duplicate") return { verdict: quote, ledger };
  return { verdict: { kind: "refused", failure: quote.failure }, ledger };
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
  const envelopeXdr = unsignedEnvelopeXdr({
    networkPassphrase: context.networkPassphrase,
    sourcePublicKey: context.signer.publicKey,
    sequence: 1n,
    operation: encodeCharge(charges, vault, []),
    inclusionFeeStroops: 100n,
    bounds: { maxLedger: 0, maxTimeS: 0 },
  });
  return classifySimulation(await context.rpc.simulateTransaction(envelopeXdr));
}

function refusal(
  simulation: Exclude<SimulationVerdict, { kind: "ready" | "archived" }>,
): Exclude<Quote, ReadyQuote> {
  const { ledger } = simulation;
  switch (simulation.kind) {
    case "contract_error": {
      const decision = decideContractError(simulation.contractError);
      if (decision.kind === "adopt") return { kind: "duplicate", ledger };
      return { kind: "refused", failure: decision.failure, ledger };
    }
    case "missing":
      return {
        kind: "refused",
        failure: { reason: "contract_missing", detail: simulation.detail },
        ledger,
      };
    case "host_error":
      return {
        kind: "refused",
        failure: { reason: "contract_error", detail: simulation.detail },
        ledger,
      };
  }
}

/** SorobanCredentials' discriminant, with which an authorisation begins. */
const SOURCE_ACCOUNT = 0;

/** The operation source's signature serves as the caller's own authorisation, and no other's. */
function needsForeignAuth(auth: readonly string[]): boolean {
  return auth.some((entry) => Buffer.from(entry, "base64").readUInt32BE() !== SOURCE_ACCOUNT);
}
