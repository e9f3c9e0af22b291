import { ProblemError } from "../../contracts/errors.ts";
import type { StoreModeRepository } from "../store-mode/store-mode-repository.ts";
import { Backfill } from "./backfill.ts";
import { Mirror } from "./mirror.ts";
import { Parity } from "./parity.ts";
import type { KeyedRecord, RecordKey, RecordSide } from "./record-side.ts";
import type { StoreGate } from "./store-gate.ts";
import {
  decideStep,
  otherSide,
  type StoredRepository,
  type StoreSetting,
  type StoreSide,
} from "./store-mode.ts";
import type { StoreStatus } from "./store-status.ts";
import { type StoreProbe, Verification } from "./verification.ts";

/** The memory of this process, which can be emptied. */
export interface MemorySide<Row extends object> extends RecordSide<Row> {
  clear(): void;
}

export interface StoreCutoverOptions<Row extends object> {
  name: StoredRepository;
  sides: { readonly memory: MemorySide<Row>; readonly postgres: RecordSide<Row> };
  /** What a verification looks at beside the records. */
  probes: readonly StoreProbe[];
  gate: StoreGate;
  modes: StoreModeRepository;
  /** What it is in until somebody switches it. */
  initial: StoreSetting;
  isAway: (error: unknown) => boolean;
  /** What a copy was refused with. */
  onRefused: (error: unknown) => void;
  /** Told of every record that was found to differ. */
  onMismatch: () => void;
  /** How long something that is under way may make the sides look different. */
  settleMs?: number;
}

const MAX_REPAIRS = 10_000;
const PAGE = 500;

/** Where one repository's records are, and how they get from one side to the other. */
export class StoreCutover<Row extends object = object> {
  readonly #options: StoreCutoverOptions<Row>;
  readonly #mirror: Mirror<Row>;
  readonly #backfill: Backfill<Row>;
  readonly #parity: Parity<Row>;
  readonly #verification: Verification<Row>;
  #setting: StoreSetting;
  /** How far the comparison in the background has come. */
  #compared: RecordKey | undefined;

  constructor(options: StoreCutoverOptions<Row>) {
    this.#options = options;
    this.#setting = options.initial;
    const { sides, gate, probes, isAway, onRefused, settleMs } = options;
    this.#mirror = new Mirror({
      from: () => sides[this.#setting.reads],
      to: () => sides[otherSide(this.#setting.reads)],
      maxRepairs: MAX_REPAIRS,
      isAway,
      onRefused,
    });
    this.#backfill = new Backfill({
      from: () => sides[this.#setting.reads],
      mirror: this.#mirror,
    });
    this.#parity = new Parity({
      sides,
      gate,
      mirror: this.#mirror,
      ...(settleMs !== undefined && { settleMs }),
    });
    this.#verification = new Verification({
      parity: this.#parity,
      probes,
      onMismatch: () => this.#countMismatch(),
    });
  }

  get name(): StoredRepository {
    return this.#options.name;
  }

  get setting(): StoreSetting {
    return this.#setting;
  }

  get status(): StoreStatus {
    return {
      ...this.#setting,
      backfill: this.#backfill.status,
      repairs: this.#mirror.repairs,
      hasOverflowed: this.#mirror.hasOverflowed,
      verification: this.#verification.status,
    };
  }

  /** The side that decides. */
  get side(): StoreSide {
    return this.#setting.reads;
  }

  get isDual(): boolean {
    return this.#setting.mode === "dual";
  }

  /** Copies what an operation has changed, inside of the gate that the operation went through. */
  async copy(keys: readonly RecordKey[]): Promise<void> {
    if (this.isDual) await this.#mirror.copy(keys);
  }

  /** Takes up what was switched last. */
  async load(): Promise<StoreSetting> {
    const { name, modes, initial } = this.#options;
    this.#setting = (await modes.find(name)) ?? initial;
    return this.#setting;
  }

  /**
   * After `load`: in dual mode the memory of a process that starts is empty, and is filled from Postgres
   * first, whichever side is read from.
   */
  async start(): Promise<void> {
    if (this.isDual) this.#backfill.skip(await this.#fillMemory());
  }

  async stop(): Promise<void> {
    await this.#verification.stop();
    await this.#backfill.reset();
    await this.#mirror.stop();
  }

  /** Copies all records to the other side, in the background. @throws {ProblemError} */
  startBackfill(): void {
    this.#assertDual();
    this.#verification.forget();
    this.#backfill.start();
  }

  /** Compares the sides, in the background. @throws {ProblemError} */
  startVerification(): void {
    this.#assertDual();
    if (this.#backfill.status.state !== "done") {
      throw new ProblemError("invalid_store_switch", "Backfill first: there is nothing to verify.");
    }
    this.#verification.start();
  }

  /** @throws {ProblemError} invalid_store_switch, store_not_verified */
  async switchTo(to: StoreSetting): Promise<void> {
    const needs = decideStep(this.#setting, to);
    if (needs === "verified") this.#assertVerified();
    await this.#options.gate.runAlone(async () => {
      // Once more, since nothing has waited for this.
      decideStep(this.#setting, to);
      if (needs === "verified") {
        await this.#mirror.flush();
        this.#assertVerified();
      }
      await this.#options.modes.put(this.name, to);
      const from = this.#setting;
      if (from.mode === "postgres") this.#options.sides.memory.clear();
      this.#setting = to;
    });
    if (!this.isDual) await this.#leaveDual();
  }

  /** Compares some more records; what differs is counted and copied again. */
  async compareSome(): Promise<void> {
    if (!this.isDual || this.#backfill.status.state !== "done") return;
    const setting = this.#setting;
    const { end, differences } = await this.#parity.compareSlice(this.#compared);
    // What was compared while it was switched says nothing.
    if (setting !== this.#setting) return;
    this.#compared = end;
    if (differences.length === 0) return;
    for (const _difference of differences) this.#countMismatch();
    this.#verification.forget();
    await this.#mirror.copy(differences.map(({ key }) => key));
  }

  /** A side that is copied to no more differs, and may. */
  #countMismatch(): void {
    if (this.isDual) this.#options.onMismatch();
  }

  async #leaveDual(): Promise<void> {
    await this.#verification.stop();
    await this.#backfill.reset();
    await this.#mirror.stop();
    this.#compared = undefined;
    if (this.side === "postgres") this.#options.sides.memory.clear();
  }

  async #fillMemory(): Promise<number> {
    const { memory, postgres } = this.#options.sides;
    memory.clear();
    let filled = 0;
    let after: RecordKey | undefined;
    do {
      const keys = await postgres.listKeys(after, PAGE);
      const records = await postgres.read(keys);
      await memory.write(
        keys.map((key, index): KeyedRecord<Row> => ({ key, record: records[index] })),
      );
      filled += keys.length;
      after = keys.length < PAGE ? undefined : keys.at(-1);
    } while (after !== undefined);
    return filled;
  }

  #assertDual(): void {
    if (this.isDual) return;
    throw new ProblemError(
      "invalid_store_switch",
      `The ${this.name} repository is not in dual mode.`,
    );
  }

  #assertVerified(): void {
    const { verification, repairs, hasOverflowed } = this.status;
    if (verification.state === "passed" && repairs === 0 && !hasOverflowed) return;
    throw new ProblemError(
      "store_not_verified",
      repairs > 0 || hasOverflowed
        ? "Records wait to be copied again; nothing was switched."
        : "Verify that both sides are equal first; nothing was switched.",
    );
  }
}
