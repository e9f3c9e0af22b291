import type { SubmissionIntent } from "../intent/submission-intent.ts";
import type { ChargeTerms } from "../outcome/decide-adoption.ts";
import type { StepContext } from "../steps/step-context.ts";

/** What an intent asks the contract for: frozen when accepted, called by the platform's account. */
export function chargeTerms(context: StepContext, intent: SubmissionIntent): ChargeTerms {
  const { vaultContractId, amountStroops, marker, payee } = intent;
  return { vaultContractId, caller: context.signer.publicKey, amountStroops, marker, payee };
}
