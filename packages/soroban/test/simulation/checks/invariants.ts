import type { ClosedLedger } from "@orrery/ledger-sim/ledger/history";
import type { Resolution } from "../../../src/intent/resolution.ts";
import type { IntentState, SubmissionIntent } from "../../../src/intent/submission-intent.ts";
import type { IntentRecord } from "../../../src/journal/submission-journal.ts";
import { SUBMITTER } from "../workload/scenario.ts";
import { type ChainCharge, readCharges } from "./charge-reader.ts";

/** What must hold, by name. The names are what a failing seed prints. */
export type Invariant =
  | "at most one charge"
  | "every charge has its row"
  | "a charge is what was accepted"
  | "every confirmed row has its charge"
  | "a refused or failed row has no charge"
  | "nothing becomes unknown"
  | "balances conserve"
  | "nothing stays unresolved"
  | "no channel leaks"
  | "no channel is quarantined"
  | "the journal keeps what it told"
  | "two calls a ledger are enough"
  | "the engine does not throw";

export interface Violation {
  readonly invariant: Invariant;
  readonly detail: string;
}

interface Account {
  readonly intent: SubmissionIntent;
  readonly charges: ChainCharge[];
  /** As the journal told it; undefined while it is on its way. */
  resolution: Resolution | undefined;
}

/** What is no violation in a run whose engine is deceived, see `guards.ts`. */
export interface Tolerances {
  readonly wrongRefusals: boolean;
  readonly quarantines: boolean;
  /** A row may be confirmed by its marker alone, without a transaction to name. */
  readonly markersAsEvidence: boolean;
}

/** Compares the chain with the journal, after every ledger, after every resolution and at the end. */
export class Invariants {
  readonly #byMarker = new Map<string, Account>();
  readonly #byIntent = new Map<string, Account>();
  /** What each vault should hold. */
  readonly #balances = new Map<string, bigint>();
  readonly #received = new Map<string, bigint>();
  readonly #tolerates: Tolerances;
  #violation: Violation | undefined;
  #unresolved = 0;

  constructor(tolerates: Tolerances) {
    this.#tolerates = tolerates;
  }

  get violation(): Violation | undefined {
    return this.#violation;
  }

  get unresolved(): number {
    return this.#unresolved;
  }

  get chargeCount(): number {
    return [...this.#byMarker.values()].reduce((sum, { charges }) => sum + charges.length, 0);
  }

  /** The first violation counts: those that follow are its consequences. */
  violate(invariant: Invariant, detail: string): void {
    this.#violation ??= { invariant, detail };
  }

  expect(intents: readonly SubmissionIntent[]): void {
    for (const intent of intents) {
      const account: Account = { intent, charges: [], resolution: undefined };
      this.#byMarker.set(intent.marker, account);
      this.#byIntent.set(intent.intentId, account);
      this.#unresolved += 1;
    }
  }

  deposited(contractId: string, stroops: bigint): void {
    this.#balances.set(contractId, (this.#balances.get(contractId) ?? 0n) + stroops);
  }

  /** A ledger has closed. `balanceOf`: what the chain says that a vault holds. */
  closed(ledger: ClosedLedger, balanceOf: (contractId: string) => bigint | undefined): void {
    const charges = readCharges(ledger);
    for (const charge of charges) this.#charged(charge);
    for (const contractId of new Set(charges.map((charge) => charge.vaultContractId))) {
      this.#compareBalance(contractId, balanceOf(contractId));
    }
  }

  /** The journal has committed a resolution. */
  resolved(resolution: Resolution): void {
    const account = this.#byIntent.get(resolution.intentId);
    if (account === undefined) throw new Error(`a resolution of nothing: ${resolution.intentId}`);
    if (account.resolution !== undefined) {
      const detail = `${resolution.subjectId} was ${account.resolution.state} already`;
      this.violate("the journal keeps what it told", detail);
    }
    account.resolution = resolution;
    this.#unresolved -= 1;
    this.#compareResolution(account, resolution);
  }

  /** The caller tries again what was refused or has failed. */
  rearmed(intentId: string): void {
    const account = this.#byIntent.get(intentId);
    if (account?.resolution === undefined) throw new Error(`${intentId} was not to be re-armed`);
    account.resolution = undefined;
    this.#unresolved += 1;
  }

  /** Everything once more, when nothing moves any longer. */
  atEnd(
    records: readonly IntentRecord[],
    channels: { readonly quarantined: number; readonly lost: number },
    chain: {
      readonly balances: ReadonlyMap<string, bigint>;
      readonly received: ReadonlyMap<string, bigint>;
    },
  ): void {
    for (const record of records) this.#compareRecord(record);
    for (const [contractId, balance] of chain.balances) this.#compareBalance(contractId, balance);
    for (const payee of new Set([...this.#received.keys(), ...chain.received.keys()])) {
      const [is, was] = [chain.received.get(payee) ?? 0n, this.#received.get(payee) ?? 0n];
      if (is !== was) this.violate("balances conserve", `${payee} got ${is}, charged ${was}`);
    }
    const quarantined = this.#tolerates.quarantines ? 0 : channels.quarantined;
    if (channels.lost > 0) this.violate("no channel leaks", `${channels.lost} stay taken`);
    if (quarantined > 0) this.violate("no channel is quarantined", `${quarantined} are`);
  }

  #charged(charge: ChainCharge): void {
    const { marker, vaultContractId, amountStroops, payee, caller, ledger, txHash } = charge;
    const account = this.#byMarker.get(marker);
    if (account === undefined) {
      this.violate("every charge has its row", `${marker} in ledger ${ledger}`);
      return;
    }
    const { intent, charges, resolution } = account;
    charges.push(charge);
    this.deposited(vaultContractId, -amountStroops);
    this.#received.set(payee, (this.#received.get(payee) ?? 0n) + amountStroops);
    if (charges.length > 1) {
      const where = charges.map((each) => `${each.txHash.slice(0, 8)} in ${each.ledger}`);
      this.violate("at most one charge", `${intent.subjectId}: ${where.join(", ")}`);
    }
    const isAsAccepted =
      vaultContractId === intent.vaultContractId &&
      amountStroops === intent.amountStroops &&
      payee === intent.payee &&
      caller === SUBMITTER.publicKey;
    if (!isAsAccepted)
      this.violate("a charge is what was accepted", `${intent.subjectId} ${txHash}`);
    if (
      resolution?.state !== undefined &&
      resolution.state !== "confirmed" &&
      !this.#tolerates.wrongRefusals
    ) {
      const detail = `${intent.subjectId} was ${resolution.state}, charged in ledger ${ledger}`;
      this.violate("a refused or failed row has no charge", detail);
    }
  }

  #compareResolution({ intent, charges }: Account, resolution: Resolution): void {
    const { state, txHash, ledger, failure } = resolution;
    const name = `${intent.subjectId} ${state}`;
    if (state === "unknown") {
      const detail = `${name}: ${failure?.reason ?? ""} ${failure?.detail ?? ""}`;
      this.violate("nothing becomes unknown", detail);
    }
    if (state === "confirmed") {
      const [charge] = charges;
      const isByMarker = txHash === undefined && this.#tolerates.markersAsEvidence;
      const isSame =
        charge !== undefined &&
        (isByMarker ||
          ((charge.txHash === txHash || charge.innerHash === txHash) && charge.ledger === ledger));
      const found = charge === undefined ? "no charge" : `${charge.txHash} in ${charge.ledger}`;
      if (!isSame) {
        const detail = `${name} by ${txHash ?? "marker"} in ${ledger ?? "?"}: ${found}`;
        this.violate("every confirmed row has its charge", detail);
      }
    } else if (charges.length > 0 && state !== "unknown" && !this.#tolerates.wrongRefusals) {
      this.violate("a refused or failed row has no charge", `${name}: ${failure?.reason ?? ""}`);
    }
  }

  #compareRecord({ intent, state, resolution }: IntentRecord): void {
    const account = this.#byIntent.get(intent.intentId);
    const told: IntentState | undefined = account?.resolution?.state;
    if (told !== state || resolution?.txHash !== account?.resolution?.txHash) {
      const detail = `${intent.subjectId} is ${state}, was told to be ${told ?? "nothing"}`;
      this.violate("the journal keeps what it told", detail);
    }
    if (account?.resolution !== undefined) this.#compareResolution(account, account.resolution);
  }

  #compareBalance(contractId: string, balance: bigint | undefined): void {
    const expected = this.#balances.get(contractId) ?? 0n;
    if (balance === expected) return;
    this.violate("balances conserve", `${contractId} holds ${balance}, should hold ${expected}`);
  }
}
