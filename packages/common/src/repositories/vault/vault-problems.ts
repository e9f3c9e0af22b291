import { ProblemError } from "../../contracts/errors.ts";

export function vaultTaken(): ProblemError {
  return new ProblemError("vault_taken", "Another tenant's users pay from this vault.");
}
