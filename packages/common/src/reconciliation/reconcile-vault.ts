import type { SorobanRpc } from "@orrery/soroban/rpc/soroban-rpc";
import { type ChargeEvent, readChargeEvents } from "@orrery/soroban/vault/charge-events";
import { decodeCharge } from "@orrery/soroban/vault/decode-charge";
import type { VaultInterfaces } from "@orrery/soroban/vault/vault-interfaces";
import type {
  ChargePosition,
  ChargeRecord,
  ChargeRecordRepository,
} from "../repositories/reconciliation/charge-record-repository.ts";
import type { Difference } from "../repositories/reconciliation/difference.ts";
import {
  comparePair,
  judgeLonelyEvent,
  matchCharges,
  type Pair,
  repeatedCharge,
  rowWithoutEvent,
  type TransactionFacts,
} from "./compare-charges.ts";

export interface ReconciliationSources {
  readonly rpc: Pick<SorobanRpc, "getEvents" | "getTransaction">;
  readonly records: ChargeRecordRepository;
  /** How each vault is called. */
  readonly interfaces: Pick<VaultInterfaces, "of">;
}

/** Ledgers, both included. */
export interface LedgerRange {
  readonly fromLedger: number;
  readonly toLedger: number;
}

/** What was compared. */
export interface ReconciliationTally {
  rows: number;
  events: number;
  /** Events whose row has no transaction of its own: only the marker, or an operator, vouches for it. */
  confirmedWithoutTransaction: number;
  differences: number;
}

const PAGE = 1_000;

/**
 * Compares the rows and the events of one vault, both ways, and hands each difference on. Holds one
 * ledger of one vault and a page of either side. The range must lie within what the network keeps.
 * @throws {RpcError}
 */
export async function reconcileVault(
  sources: ReconciliationSources,
  vaultContractId: string,
  range: LedgerRange,
  tally: ReconciliationTally,
  onDifference: (difference: Difference) => Promise<void> | void,
): Promise<void> {
  const events = new LedgerGroups(readChargeEvents(sources.rpc, { vaultContractId, ...range }));
  const records = new LedgerGroups(readChargedByLedger(sources.records, vaultContractId, range));
  await Promise.all([events.advance(), records.advance()]);
  for (;;) {
    const ledger = Math.min(events.ledger, records.ledger);
    if (ledger === Number.POSITIVE_INFINITY) return;
    const [ofRecords, ofEvents] = [await records.take(ledger), await events.take(ledger)];
    for (const difference of await compareLedger(sources, ofRecords, ofEvents, tally)) {
      tally.differences += 1;
      await onDifference(difference);
    }
  }
}

/** One side of the comparison: what it has of one ledger after the other. */
class LedgerGroups<Item extends { readonly ledger?: number }> {
  readonly #groups: AsyncIterator<Item[], void>;
  #next: readonly Item[] = [];

  constructor(groups: AsyncIterator<Item[], void>) {
    this.#groups = groups;
  }

  /** The ledger that comes next; infinite after the last. */
  get ledger(): number {
    return this.#next[0]?.ledger ?? Number.POSITIVE_INFINITY;
  }

  async advance(): Promise<void> {
    const step = await this.#groups.next();
    this.#next = step.done === true ? [] : step.value;
  }

  /** All that there is of this ledger, the next one at the earliest. */
  async take(ledger: number): Promise<readonly Item[]> {
    if (this.ledger !== ledger) return [];
    const group = this.#next;
    await this.advance();
    return group;
  }
}

async function compareLedger(
  { rpc, records, interfaces }: ReconciliationSources,
  ledgerRecords: readonly ChargeRecord[],
  ledgerEvents: readonly ChargeEvent[],
  tally: ReconciliationTally,
): Promise<Difference[]> {
  tally.rows += ledgerRecords.length;
  tally.events += ledgerEvents.length;
  const matching = matchCharges(ledgerRecords, ledgerEvents);
  const strays = [...matching.lonelyEvents, ...matching.repeatedEvents];
  const known = await listByMarker(records, strays);
  const recordOf = ({ marker }: ChargeEvent) => known.get(marker ?? "");
  const differences = [
    ...matching.lonelyRecords.map(rowWithoutEvent),
    ...matching.repeatedEvents.map((event) => repeatedCharge(event, recordOf(event))),
  ];
  const pairs: Pair[] = [...matching.pairs];
  for (const event of matching.lonelyEvents) {
    const judged = judgeLonelyEvent(event, recordOf(event));
    if (judged.kind === "pair") pairs.push(judged.pair);
    else differences.push(judged.difference);
  }
  const transactions = new TransactionReader(rpc, interfaces);
  for (const pair of pairs) {
    if (pair.record.txHash === undefined) tally.confirmedWithoutTransaction += 1;
    differences.push(...comparePair(pair, await transactions.factsOf(pair)));
  }
  return differences;
}

async function listByMarker(
  records: ChargeRecordRepository,
  events: readonly ChargeEvent[],
): Promise<Map<string, ChargeRecord>> {
  const markers = new Set(events.flatMap(({ marker }) => marker ?? []));
  const found = await records.listByMarker([...markers]);
  return new Map(found.map((record) => [record.marker, record]));
}

/** Reads each transaction of a ledger once: a batch is one transaction with many charges. */
class TransactionReader {
  readonly #rpc: Pick<SorobanRpc, "getTransaction">;
  readonly #interfaces: Pick<VaultInterfaces, "of">;
  readonly #envelopes = new Map<string, Promise<string | undefined>>();

  constructor(rpc: Pick<SorobanRpc, "getTransaction">, interfaces: Pick<VaultInterfaces, "of">) {
    this.#rpc = rpc;
    this.#interfaces = interfaces;
  }

  async factsOf({ record, event }: Pair): Promise<TransactionFacts> {
    const envelopeXdr = await this.#envelopeOf(event.txHash);
    const vault = await this.#interfaces.of(record.vaultContractId);
    const payee =
      envelopeXdr === undefined
        ? undefined
        : decodeCharge(envelopeXdr, record.marker, vault)?.payee;
    const isSameTransaction =
      record.txHash === undefined ||
      record.txHash === event.txHash ||
      (envelopeXdr !== undefined && (await this.#envelopeOf(record.txHash)) === envelopeXdr);
    return { isSameTransaction, ...(payee !== undefined && { payee }) };
  }

  #envelopeOf(txHash: string): Promise<string | undefined> {
    const known = this.#envelopes.get(txHash);
    if (known !== undefined) return known;
    const read = this.#rpc
      .getTransaction(txHash)
      .then((answer) => (answer.status === "SUCCESS" ? answer.envelopeXdr : undefined));
    this.#envelopes.set(txHash, read);
    return read;
  }
}

async function* readChargedByLedger(
  records: ChargeRecordRepository,
  vaultContractId: string,
  range: LedgerRange,
): AsyncGenerator<ChargeRecord[]> {
  let group: ChargeRecord[] = [];
  let after: ChargePosition | undefined;
  for (;;) {
    const page = await records.listCharged({
      vaultContractId,
      ...range,
      ...(after !== undefined && { after }),
      limit: PAGE,
    });
    for (const record of page) {
      if (group[0] !== undefined && group[0].ledger !== record.ledger) {
        yield group;
        group = [];
      }
      group.push(record);
    }
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) break;
    after = { ledger: last.ledger ?? 0, intentId: last.intentId };
  }
  if (group.length > 0) yield group;
}
