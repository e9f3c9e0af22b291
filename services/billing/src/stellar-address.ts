import { type FieldError, ProblemError } from "@orrery/common/contracts/errors";
import { StrKey } from "@stellar/stellar-sdk";

export const CONTRACT_PATTERN = "^C[A-Z2-7]{55}$";
export const PAYEE_PATTERN = "^[GC][A-Z2-7]{55}$";

/** Refuses an address whose checksum is wrong: a typing slip must not send money astray. */
export function assertAddress(
  address: string,
  pointer: string,
  part?: NonNullable<FieldError["in"]>,
): void {
  if (StrKey.isValidContract(address) || StrKey.isValidEd25519PublicKey(address)) return;
  const detail = "is not a Stellar address: its checksum does not match";
  throw new ProblemError("invalid_request", `The ${part ?? "body"} is not valid.`, {
    errors: [{ pointer, detail, ...(part !== undefined && { in: part }) }],
  });
}
