/**
 * Why an intent was not charged, or (for `unknown`) why nobody can tell.
 *
 * - `insufficient_balance`: the vault cannot pay (contract error 5)
 * - `contract_error`: the contract said no; `contractError` is its number where it is known
 * - `contract_missing`: there is no such contract, or it has no such function
 * - `configuration`: the platform's own fault (bad signature, missing account, foreign auth)
 * - `resources`: the engine's retries after resource or fee failures on chain are used up
 * - `expired`: it waited longer than the engine may keep trying
 * - `adoption_mismatch`: the marker is on chain, but the charge it stands for is not this one
 * - `undecided`: past retention, and nothing that is left proves it either way
 * - `operator`: it was undecided, and a person found out that nobody was charged
 */
export type FailureReason =
  | "insufficient_balance"
  | "contract_error"
  | "contract_missing"
  | "configuration"
  | "resources"
  | "expired"
  | "adoption_mismatch"
  | "undecided"
  | "operator";

export interface SubmissionFailure {
  readonly reason: FailureReason;
  readonly contractError?: number;
  /** For operators and logs: never shown to a tenant. */
  readonly detail?: string;
}
