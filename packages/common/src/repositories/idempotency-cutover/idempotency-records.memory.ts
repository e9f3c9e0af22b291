import type { Clock } from "../../contracts/clock.ts";
import type { KeyedRecord, RecordKey } from "../cutover/record-side.ts";
import { SortedKeys } from "../cutover/sorted-keys.ts";
import type { MemorySide } from "../cutover/store-cutover.ts";
import type { StoredAnswer } from "../idempotency/idempotency-store.ts";
import { type IdempotencyRecord, idempotencyKey, isMoved } from "./idempotency-records.ts";

/** As the memory adapter keeps it. */
interface Row {
  readonly tenantId: string;
  readonly token: string;
  readonly fingerprint: Buffer;
  readonly epoch: bigint;
  readonly leaseUntilMs: number | undefined;
  readonly claimedAtMs: number;
  readonly expiresAtMs: number;
  readonly answer: StoredAnswer | undefined;
}

/** The rows of a memory adapter of idempotency keys, as records; those past their time are none. */
export class MemoryIdempotencyRecords implements MemorySide<IdempotencyRecord> {
  readonly #rows: Map<string, Row>;
  readonly #clock: Clock;
  readonly #keys: SortedKeys;

  /** `rows`: by tenant and token as JSON. */
  constructor(rows: Map<string, Row>, clock: Clock) {
    this.#rows = rows;
    this.#clock = clock;
    this.#keys = new SortedKeys(() =>
      [...rows.values()].filter(({ token }) => isMoved(token)).map(idempotencyKey),
    );
  }

  async listKeys(after: RecordKey | undefined, limit: number): Promise<readonly RecordKey[]> {
    return this.#keys.after(after, limit);
  }

  async read(keys: readonly RecordKey[]): Promise<readonly (IdempotencyRecord | undefined)[]> {
    const nowMs = this.#clock();
    return keys.map((key) => {
      const row = this.#rows.get(rowIdOf(key));
      return row === undefined || row.expiresAtMs <= nowMs ? undefined : recordOf(row);
    });
  }

  async write(records: readonly KeyedRecord<IdempotencyRecord>[]): Promise<void> {
    for (const { key, record } of records) {
      if (record === undefined) this.#rows.delete(rowIdOf(key));
      else this.#rows.set(rowIdOf(key), rowOf(key, record));
    }
  }

  clear(): void {
    this.#rows.clear();
  }
}

function rowIdOf({ tenantId, id }: RecordKey): string {
  return JSON.stringify([tenantId, id]);
}

function recordOf({ tenantId: _tenant, token: _token, ...row }: Row): IdempotencyRecord {
  const { leaseUntilMs, answer, ...rest } = row;
  return {
    ...rest,
    ...(leaseUntilMs !== undefined && { leaseUntilMs }),
    ...(answer !== undefined && { answer }),
  };
}

function rowOf({ tenantId, id: token }: RecordKey, record: IdempotencyRecord): Row {
  const { fingerprint, epoch, claimedAtMs, expiresAtMs, leaseUntilMs, answer } = record;
  const parts = { tenantId, token, epoch, claimedAtMs, expiresAtMs, leaseUntilMs, answer };
  return { ...parts, fingerprint: Buffer.from(fingerprint) };
}
