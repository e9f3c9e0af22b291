import type { KeyedRecord, RecordKey } from "../cutover/record-side.ts";
import { SortedKeys } from "../cutover/sorted-keys.ts";
import type { MemorySide } from "../cutover/store-cutover.ts";
import type { ActivityEvent } from "../stream/activity-event.ts";
import type { Stream } from "../stream/stream.ts";
import type { User } from "../stream/user.ts";
import type { TenantMap } from "../tenant-map.memory.ts";
import {
  eventKey,
  eventPlace,
  isEvent,
  isStream,
  isUser,
  type StreamRecord,
  type StreamRecordKind,
  streamKey,
  userKey,
} from "./stream-records.ts";

export interface MemoryStreamRows {
  readonly streams: TenantMap<Stream>;
  /** By their ids. */
  readonly events: TenantMap<ActivityEvent>;
  readonly users: TenantMap<User>;
}

/** The rows of one kind. */
interface MemoryTable {
  keys(): RecordKey[];
  get(key: RecordKey): StreamRecord | undefined;
  set(key: RecordKey, record: StreamRecord | undefined): void;
  clear(): void;
}

function tableOf<Row extends StreamRecord>(
  rows: TenantMap<Row>,
  keyOf: (tenantId: string, row: Row) => RecordKey,
  isRow: (record: StreamRecord) => record is Row,
  rowIdOf: (key: RecordKey) => string = ({ id }) => id,
): MemoryTable {
  return {
    keys: () =>
      rows
        .tenantIds()
        .flatMap((tenantId) => rows.values(tenantId).map((row) => keyOf(tenantId, row))),
    get: (key) => rows.get(key.tenantId, rowIdOf(key)),
    set: (key, record) => {
      if (record === undefined) rows.delete(key.tenantId, rowIdOf(key));
      else if (isRow(record)) rows.set(key.tenantId, rowIdOf(key), record);
      else throw new Error(`${key.kind} ${key.id} is something else`);
    },
    clear: () => rows.clear(),
  };
}

/** The rows of a memory adapter of streams, as records. */
export class MemoryStreamRecords implements MemorySide<StreamRecord> {
  readonly #tables: Readonly<Record<string, MemoryTable>>;
  readonly #keys: SortedKeys;

  constructor({ streams, events, users }: MemoryStreamRows) {
    const tables: Record<StreamRecordKind, MemoryTable> = {
      stream: tableOf(streams, (tenantId, { id }) => streamKey(tenantId, id), isStream),
      event: tableOf(events, eventKey, isEvent, (key) => eventPlace(key).eventId),
      user: tableOf(users, (tenantId, user) => userKey(tenantId, user.walletAddress), isUser),
    };
    this.#tables = tables;
    this.#keys = new SortedKeys(() => Object.values(tables).flatMap((table) => table.keys()));
  }

  async listKeys(after: RecordKey | undefined, limit: number): Promise<readonly RecordKey[]> {
    return this.#keys.after(after, limit);
  }

  async read(keys: readonly RecordKey[]): Promise<readonly (StreamRecord | undefined)[]> {
    return keys.map((key) => this.#tables[key.kind]?.get(key));
  }

  async write(records: readonly KeyedRecord<StreamRecord>[]): Promise<void> {
    for (const { key, record } of records) this.#tables[key.kind]?.set(key, record);
  }

  clear(): void {
    for (const table of Object.values(this.#tables)) table.clear();
  }
}
