/**
 * The deduction was refused after the API took it up: nothing was charged. It may be sent again, under the
 * same `requestId`.
 */
export class DeductionFailedError extends Error {
  override readonly name = "DeductionFailedError";
  /** The deduction's. */
  readonly requestId: string;
  /** As the request's history names it; the `code` where the API told no more. */
  readonly reason: string;
  readonly contractError: number | undefined;

  constructor(
    requestId: string,
    failure: { readonly reason?: string; readonly contractError?: number | undefined } = {},
    options?: ErrorOptions,
  ) {
    const { reason = "deduction_rejected", contractError } = failure;
    super(`the deduction ${requestId} failed: ${reason}`, options);
    this.requestId = requestId;
    this.reason = reason;
    this.contractError = contractError;
  }

  /** As the API calls this refusal where it is known at once. */
  get code(): "insufficient_balance" | "deduction_rejected" {
    return this.reason === "insufficient_balance" ? this.reason : "deduction_rejected";
  }
}
