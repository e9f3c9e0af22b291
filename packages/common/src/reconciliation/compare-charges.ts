import type { ChargeEvent } from "@orrery/soroban/vault/charge-events";
import { formatUsdc } from "../contracts/money.ts";
import type { ChargeRecord } from "../repositories/reconciliation/charge-record-repository.ts";
import type { Difference, DifferenceKind } from "../repositories/reconciliation/difference.ts";

/** A row and the event that stands for the same charge. */
export interface Pair {
  readonly record: ChargeRecord;
  readonly event: ChargeEvent;
}

/** One vault's ledger, sorted out by marker. */
export interface Matching {
  readonly pairs: readonly Pair[];
  readonly lonelyRecords: readonly ChargeRecord[];
  readonly lonelyEvents: readonly ChargeEvent[];
  /** Events beyond the first under the marker of a row or of another event. */
  readonly repeatedEvents: readonly ChargeEvent[];
}

/** Sorts the rows and the events of one vault in one ledger out by marker. */
export function matchCharges(
  records: readonly ChargeRecord[],
  events: readonly ChargeEvent[],
): Matching {
  const byMarker = Map.groupBy(
    events.filter((event) => event.marker !== undefined),
    (event) => event.marker,
  );
  const pairs: Pair[] = [];
  const lonelyRecords: ChargeRecord[] = [];
  const repeatedEvents: ChargeEvent[] = [];
  for (const record of records) {
    const candidates = byMarker.get(record.marker) ?? [];
    byMarker.delete(record.marker);
    const event = candidates.find(({ txHash }) => txHash === record.txHash) ?? candidates[0];
    if (event === undefined) {
      lonelyRecords.push(record);
      continue;
    }
    pairs.push({ record, event });
    repeatedEvents.push(...candidates.filter((candidate) => candidate !== event));
  }
  const lonelyEvents = events.filter((event) => event.marker === undefined);
  for (const [first, ...others] of byMarker.values()) {
    if (first !== undefined) lonelyEvents.push(first);
    repeatedEvents.push(...others);
  }
  return { pairs, lonelyRecords, lonelyEvents, repeatedEvents };
}

/** What is made of an event that no row of its vault and ledger names. */
export type LonelyEvent =
  /** The row is this charge's: it names no ledger, or was confirmed after the rows were read. */
  | { readonly kind: "pair"; readonly pair: Pair }
  | { readonly kind: "difference"; readonly difference: Difference };

/** `record`: the row with the event's marker, wherever it stands. */
export function judgeLonelyEvent(
  event: ChargeEvent,
  record: ChargeRecord | undefined,
): LonelyEvent {
  const differs = (kind: DifferenceKind, detail: string): LonelyEvent => ({
    kind: "difference",
    difference: differenceOf(kind, event, record, detail),
  });
  if (record === undefined) {
    const by = `charged by ${event.caller ?? "an unreadable caller"}`;
    return differs("event_without_row", `${amountOf(event)} ${by}; no row has its marker`);
  }
  if (record.vaultContractId !== event.vaultContractId) {
    return differs("vault_differs", `the row charges vault ${record.vaultContractId}`);
  }
  if (record.state === "refused" || record.state === "failed") {
    return differs("charged_but_failed", `${amountOf(event)} charged; the row is ${record.state}`);
  }
  if (record.state !== "confirmed") {
    const detail = `${amountOf(event)} charged; the row is ${record.state}`;
    return differs("charged_not_confirmed", detail);
  }
  if ((record.ledger ?? event.ledger) === event.ledger) {
    return { kind: "pair", pair: { record, event } };
  }
  if (record.txHash === event.txHash) {
    return differs("transaction_differs", `the row names ledger ${record.ledger}`);
  }
  const own = `transaction ${record.txHash} in ledger ${record.ledger}`;
  return differs("duplicate_charge", `${amountOf(event)} charged beside the row's ${own}`);
}

/** What the ledger tells of a pair's transaction. */
export interface TransactionFacts {
  /** Whether the row's hash and the event's are of one transaction; a fee bump has two. */
  readonly isSameTransaction: boolean;
  /** Absent when the transaction cannot be read. */
  readonly payee?: string;
}

/** Everything in which a row and its event disagree. */
export function comparePair({ record, event }: Pair, facts: TransactionFacts): Difference[] {
  const differences: Difference[] = [];
  const differs = (kind: DifferenceKind, detail: string) => {
    differences.push(differenceOf(kind, event, record, detail));
  };
  if (record.amountStroops !== event.amountStroops) {
    const own = formatUsdc(record.amountStroops);
    differs("amount_differs", `the row has ${own} USDC, the chain ${amountOf(event)}`);
  }
  if (!facts.isSameTransaction) {
    differs("transaction_differs", `the row names transaction ${record.txHash}`);
  }
  if (facts.payee !== undefined && facts.payee !== record.payee) {
    differs("payee_differs", `the row pays ${record.payee}, the chain paid ${facts.payee}`);
  }
  const fault = usageEventFault(record);
  if (fault !== undefined) differs("usage_event_differs", fault);
  return differences;
}

/** How the usage event of a confirmed row, those of a settlement, or its stream contradict it. */
function usageEventFault(record: ChargeRecord): string | undefined {
  const { usageEvent } = record;
  const what = record.kind === "stream" ? "stream" : "usage event";
  if (usageEvent === undefined) return `the intent is confirmed and has no ${what}`;
  if (usageEvent.status !== "confirmed") return `the ${what} is ${usageEvent.status}`;
  if (usageEvent.amountStroops !== record.amountStroops) {
    return `the ${what} has ${formatUsdc(usageEvent.amountStroops)} USDC`;
  }
  if (usageEvent.txHash !== record.txHash || usageEvent.ledger !== record.ledger) {
    return `the ${what} names transaction ${usageEvent.txHash} in ledger ${usageEvent.ledger}`;
  }
  return undefined;
}

/** A row that its vault's events do not bear out. */
export function rowWithoutEvent(record: ChargeRecord): Difference {
  return {
    kind: "row_without_event",
    vaultContractId: record.vaultContractId,
    ledger: record.ledger ?? 0,
    ...identityOf(record),
    ...(record.txHash !== undefined && { txHash: record.txHash }),
    detail: `the row has ${formatUsdc(record.amountStroops)} USDC charged; the vault has no such event`,
  };
}

/** One more charge under a marker within a ledger. */
export function repeatedCharge(event: ChargeEvent, record: ChargeRecord | undefined): Difference {
  return differenceOf("duplicate_charge", event, record, `${amountOf(event)} charged once more`);
}

function differenceOf(
  kind: DifferenceKind,
  event: ChargeEvent,
  record: ChargeRecord | undefined,
  detail: string,
): Difference {
  const { vaultContractId, ledger, txHash, marker } = event;
  return {
    kind,
    vaultContractId,
    ledger,
    txHash,
    ...(marker !== undefined && { marker }),
    ...(record !== undefined && identityOf(record)),
    detail,
  };
}

function identityOf({ tenantId, subjectId, marker }: ChargeRecord) {
  return { tenantId, subjectId, marker };
}

function amountOf({ amountStroops }: ChargeEvent): string {
  return amountStroops === undefined ? "an unreadable amount" : `${formatUsdc(amountStroops)} USDC`;
}
