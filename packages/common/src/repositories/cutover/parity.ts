import { createHash, type Hash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Mirror } from "./mirror.ts";
import {
  compareKeys,
  keyText,
  type RecordKey,
  type RecordSide,
  recordText,
} from "./record-side.ts";
import type { StoreGate } from "./store-gate.ts";
import type { StoreSide } from "./store-mode.ts";
import type { ParityDifference, SideSums } from "./store-status.ts";

interface ParityOptions<Row extends object> {
  sides: Readonly<Record<StoreSide, RecordSide<Row>>>;
  gate: StoreGate;
  mirror: Pick<Mirror<Row>, "flush">;
  /** How long something that is under way may make the sides look different. */
  settleMs?: number;
}

/** What both sides hold of the keys of one slice. */
interface Slice {
  /** Where the next one begins; undefined: there is none. */
  readonly end: RecordKey | undefined;
  readonly compared: number;
  readonly differences: readonly ParityDifference[];
}

/** One side as a whole. */
interface SideSum {
  count: number;
  readonly hash: Hash;
}

const SLICE = 200;
const SETTLE_MS = 500;

/** Compares the records of both sides, while they are written. */
export class Parity<Row extends object> {
  readonly #options: ParityOptions<Row>;

  constructor(options: ParityOptions<Row>) {
    this.#options = options;
  }

  /** The records behind `after`, a slice of them. */
  async compareSlice(after: RecordKey | undefined): Promise<Slice> {
    return this.#compare(after, undefined);
  }

  /** All of them. `onProgress` is told how many were compared. */
  async compareAll(
    onProgress: (compared: number) => void,
  ): Promise<{ sums: Readonly<Record<StoreSide, SideSums>>; differences: ParityDifference[] }> {
    const sums = { memory: newSum(), postgres: newSum() };
    const differences: ParityDifference[] = [];
    let after: RecordKey | undefined;
    let compared = 0;
    do {
      const slice = await this.#compare(after, sums);
      differences.push(...slice.differences);
      compared += slice.compared;
      onProgress(compared);
      after = slice.end;
    } while (after !== undefined);
    return { sums: { memory: sumOf(sums.memory), postgres: sumOf(sums.postgres) }, differences };
  }

  async #compare(
    after: RecordKey | undefined,
    sums: Readonly<Record<StoreSide, SideSum>> | undefined,
  ): Promise<Slice> {
    const { keys, end } = await this.#listSlice(after);
    let texts = await this.#readTexts(keys);
    let suspects = keys.filter((_key, index) => differs(texts[index]));
    // Twice: what was committed, and is being copied, is over by then.
    for (let look = 0; look < 2 && suspects.length > 0; look += 1) {
      await delay(this.#options.settleMs ?? SETTLE_MS);
      texts = await this.#options.gate.runAlone(async () => {
        await this.#options.mirror.flush();
        return this.#readTexts(keys);
      });
      suspects = keys.filter((_key, index) => differs(texts[index]));
    }
    for (const { memory, postgres } of texts) {
      if (sums !== undefined) add(sums.memory, memory);
      if (sums !== undefined) add(sums.postgres, postgres);
    }
    const found = new Map(keys.map((key, index) => [keyText(key), texts[index]]));
    const differences = suspects.map((key) => ({ key, found: placeOf(found.get(keyText(key))) }));
    return { end, compared: keys.length, differences };
  }

  /** The keys of both sides, as far as both have been listed. */
  async #listSlice(after: RecordKey | undefined) {
    const { memory, postgres } = this.#options.sides;
    const pages = [await memory.listKeys(after, SLICE), await postgres.listKeys(after, SLICE)];
    const full = pages.flatMap((page) => (page.length < SLICE ? [] : (page.at(-1) ?? [])));
    const end = full.toSorted(compareKeys)[0];
    const keys = new Map(pages.flat().map((key) => [keyText(key), key]));
    const inside = [...keys.values()].filter(
      (key) => end === undefined || compareKeys(key, end) <= 0,
    );
    return { keys: inside.toSorted(compareKeys), end };
  }

  async #readTexts(keys: readonly RecordKey[]): Promise<Texts[]> {
    const { memory, postgres } = this.#options.sides;
    const [ours, theirs] = [await memory.read(keys), await postgres.read(keys)];
    return keys.map((_key, index) => ({
      memory: recordText(ours[index]),
      postgres: recordText(theirs[index]),
    }));
  }
}

/** A record on both sides, see `recordText`; empty where there is none. */
interface Texts {
  readonly memory: string;
  readonly postgres: string;
}

const differs = (texts: Texts | undefined) => texts?.memory !== texts?.postgres;

function placeOf(texts: Texts | undefined): ParityDifference["found"] {
  if (texts?.memory === "") return "postgres";
  return texts?.postgres === "" ? "memory" : "both";
}

function newSum(): SideSum {
  return { count: 0, hash: createHash("sha256") };
}

function add(sum: SideSum, text: string): void {
  if (text === "") return;
  sum.count += 1;
  sum.hash.update(`${text}\n`);
}

function sumOf({ count, hash }: SideSum): SideSums {
  return { count, checksum: hash.digest("hex") };
}
