/** Where the ledger asks whether it is to misbehave. Each `take…` uses one of the told number. */
export interface LedgerFaults {
  /** The next accepted transaction is to be forgotten. */
  takeDroppedTransaction(): boolean;
  /** The next ledger applies its transactions in reverse order of arrival. */
  takeReorderedLedger(): boolean;
  /** The contract instance of the next invocation is to be found archived. */
  takeArchivedEntry(): boolean;
  /** The contract error that the invocation now applied is to fail with. */
  takeContractErrorOnApply(): number | undefined;
}

export const NO_FAULTS: LedgerFaults = {
  takeDroppedTransaction: () => false,
  takeReorderedLedger: () => false,
  takeArchivedEntry: () => false,
  takeContractErrorOnApply: () => undefined,
};
