/** Who does something that rows alone cannot justify, and why; every field goes into the audit. */
export interface OperatorAction {
  /** The person. */
  readonly operator: string;
  /** What was seen, and where; not empty. */
  readonly evidence: string;
  /** The id of the audit's record. */
  readonly auditId: string;
  readonly at: Date;
}
