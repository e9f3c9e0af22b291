import type { RecordKey } from "./record-side.ts";
import type { StoreSetting, StoreSide } from "./store-mode.ts";

export interface BackfillStatus {
  readonly state: "idle" | "running" | "done" | "failed";
  /** Records that were copied since it began, or went on. */
  readonly copied: number;
}

/** A record that is not the same on both sides. */
export interface ParityDifference {
  readonly key: RecordKey;
  /** Where it is; both: it says different things. */
  readonly found: "memory" | "postgres" | "both";
}

export interface SideSums {
  /** Records. */
  readonly count: number;
  /** SHA-256 of all records in the order of their keys, in hex. */
  readonly checksum: string;
}

export interface VerificationReport {
  readonly sums: Readonly<Record<StoreSide, SideSums>>;
  /** Of all differences, the first. */
  readonly differences: readonly ParityDifference[];
  readonly differenceCount: number;
  /** By probe: what is wrong. */
  readonly probes: Readonly<Record<string, readonly string[]>>;
}

export interface VerificationStatus {
  readonly state: "never" | "running" | "passed" | "differs" | "failed";
  /** Records that were compared so far. */
  readonly compared: number;
  readonly report?: VerificationReport;
}

/** Where one repository is on its way between the stores. */
export interface StoreStatus extends StoreSetting {
  readonly backfill: BackfillStatus;
  /** Records that wait to be copied again. */
  readonly repairs: number;
  /** More waited than fit: backfill again. */
  readonly hasOverflowed: boolean;
  readonly verification: VerificationStatus;
}
