export interface EventPosition {
  readonly ledger: number;
  /** From 1 within its ledger. */
  readonly transactionIndex: number;
  readonly operationIndex: number;
  readonly index: number;
}

const ID = /^(\d{19})-(\d{10})$/;
const TRANSACTION_MASK = (1n << 20n) - 1n;
const OPERATION_MASK = (1n << 12n) - 1n;

/** The id of an event: it is its cursor too, and ids sort as text in the ledger's order. */
export function eventId({
  ledger,
  transactionIndex,
  operationIndex,
  index,
}: EventPosition): string {
  const position = totalOrderId(ledger, transactionIndex, operationIndex);
  return `${position.toString().padStart(19, "0")}-${index.toString().padStart(10, "0")}`;
}

/** The cursor behind everything that a ledger holds. */
export function endOfLedger(ledger: number): string {
  return eventId({
    ledger,
    transactionIndex: Number(TRANSACTION_MASK),
    operationIndex: Number(OPERATION_MASK),
    index: 4_294_967_295,
  });
}

/** The ledger that a cursor points into; nothing when it is no cursor. */
export function ledgerOfCursor(cursor: string): number | undefined {
  const position = ID.exec(cursor)?.[1];
  return position === undefined ? undefined : Number(BigInt(position) >> 32n);
}

/** Orders ledgers, transactions and operations in one number, as the network's cursors do. */
export function totalOrderId(ledger: number, transactionIndex: number, operationIndex: number) {
  return (BigInt(ledger) << 32n) | (BigInt(transactionIndex) << 12n) | BigInt(operationIndex);
}
