import type { Faults } from "./faults/faults.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { LedgerDriver } from "./methods/method.ts";

/** A ledger told to be slow takes this many times as long. */
const SLOW_FACTOR = 4;

/** The clock of a network that is driven by hand: it moves when a ledger closes. */
export class ManualClock {
  #nowMs: number;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  readonly now = (): number => this.#nowMs;

  advance(ms: number): void {
    this.#nowMs += ms;
  }

  advanceTo(ms: number): void {
    this.#nowMs = Math.max(this.#nowMs, ms);
  }
}

/** Closes ledgers only when asked; each moves the clock by the ledgers' nominal time. */
export class ManualDriver implements LedgerDriver {
  readonly #ledger: Ledger;
  readonly #faults: Faults;
  readonly #clock: ManualClock | undefined;

  constructor(ledger: Ledger, faults: Faults, clock: ManualClock | undefined) {
    this.#ledger = ledger;
    this.#faults = faults;
    this.#clock = clock;
  }

  closeNow(count: number): void {
    for (let closed = 0; closed < count; closed += 1) {
      const factor = this.#faults.take("slowLedgers") ? SLOW_FACTOR : 1;
      this.#clock?.advance(this.#ledger.settings.ledgerSeconds * 1000 * factor);
      this.#ledger.close();
    }
  }
}

/** Closes a ledger every `closeMs`, and others at once when asked. */
export class TimedDriver implements LedgerDriver {
  readonly #ledger: Ledger;
  readonly #faults: Faults;
  readonly #closeMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(ledger: Ledger, faults: Faults, closeMs: number) {
    this.#ledger = ledger;
    this.#faults = faults;
    this.#closeMs = closeMs;
  }

  start(): void {
    const factor = this.#faults.take("slowLedgers") ? SLOW_FACTOR : 1;
    this.#timer = setTimeout(() => {
      this.#ledger.close();
      this.start();
    }, this.#closeMs * factor);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  closeNow(count: number): void {
    for (let closed = 0; closed < count; closed += 1) this.#ledger.close();
  }
}
