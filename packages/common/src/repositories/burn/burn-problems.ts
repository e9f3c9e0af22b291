import { ProblemError } from "../../contracts/errors.ts";
import type { NewBurn } from "./burn-repository.ts";

export function tokenNotFound(address: string): ProblemError {
  return new ProblemError("token_not_found", `The tenant has no token ${address}.`);
}

export function burnExceedsSupply(): ProblemError {
  return new ProblemError("burn_exceeds_supply", "The burn is more than the token's supply.");
}

export function burnMismatch({ txHash, eventIndex }: NewBurn): ProblemError {
  return new ProblemError(
    "burn_mismatch",
    `The burn ${txHash}/${eventIndex} of this token was recorded with other fields.`,
  );
}
