/** Names one record of a repository, in memory and in Postgres alike. */
export interface RecordKey {
  /** What kind of record it is: a stream, an event, a user. */
  readonly kind: string;
  readonly tenantId: string;
  readonly id: string;
}

export interface KeyedRecord<Row> {
  readonly key: RecordKey;
  /** Undefined: there is none. */
  readonly record: Row | undefined;
}

/**
 * One place that a repository's records are kept in, seen as keys and whole records: what is copied to
 * the other place and compared with it. Records of every tenant.
 */
export interface RecordSide<Row extends object> {
  /**
   * Keys after `after`, ascending by kind, tenant and id, each compared byte by byte. What is added
   * while somebody walks may be left out.
   */
  listKeys(after: RecordKey | undefined, limit: number): Promise<readonly RecordKey[]>;

  /** One record for each key, in order. */
  read(keys: readonly RecordKey[]): Promise<readonly (Row | undefined)[]>;

  /** Makes the records what is given, all or none; the same again changes nothing. */
  write(records: readonly KeyedRecord<Row>[]): Promise<void>;
}

/** Equal for equal keys alone. */
export function keyText({ kind, tenantId, id }: RecordKey): string {
  return JSON.stringify([kind, tenantId, id]);
}

/** In the order of `listKeys`. */
export function compareKeys(a: RecordKey, b: RecordKey): number {
  return (
    compareBytes(a.kind, b.kind) || compareBytes(a.tenantId, b.tenantId) || compareBytes(a.id, b.id)
  );
}

function compareBytes(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/**
 * A record as text that is the same for equal records, whichever side they come from: fields in order
 * of their names, those that are undefined left out.
 */
export function recordText(record: object | undefined): string {
  return JSON.stringify(plainOf(record)) ?? "";
}

function plainOf(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (Array.isArray(value)) return value.map(plainOf);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, plainOf(field)]),
  );
}
