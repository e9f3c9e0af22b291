/** Object ids of Postgres' own types, the same on every server. */
const BYTEA = 17;
const BIGINT = 20;
const TEXT = 25;
const TIMESTAMPTZ = 1184;
const UUID = 2950;

/** Dimensions, flags, element type, length and lower bound. */
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const UUID_BYTES = 16;
const INT64_BYTES = 8;
/** 2000-01-01T00:00:00Z, where Postgres counts microseconds from. */
const POSTGRES_EPOCH_MS = 946_684_800_000;

/**
 * One-dimensional arrays without nulls in Postgres' binary format: what a parameter of an array type is
 * written as several times faster, and read, than as text.
 * @see https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-FORMAT-CODES
 */
export function textArray(values: readonly string[]): Buffer {
  const bytes = values.reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  const buffer = begin(TEXT, values.length, bytes);
  let end = HEADER_BYTES;
  for (const value of values) {
    const written = buffer.write(value, end + LENGTH_BYTES);
    end = buffer.writeInt32BE(written, end) + written;
  }
  return buffer;
}

/** Ids as `isUuid` has them. */
export function uuidArray(ids: readonly string[]): Buffer {
  const buffer = begin(UUID, ids.length, ids.length * UUID_BYTES);
  let end = HEADER_BYTES;
  for (const id of ids) {
    end = buffer.writeInt32BE(UUID_BYTES, end);
    buffer.write(id.replaceAll("-", ""), end, "hex");
    end += UUID_BYTES;
  }
  return buffer;
}

export function byteaArray(values: readonly Uint8Array[]): Buffer {
  const bytes = values.reduce((sum, value) => sum + value.byteLength, 0);
  const buffer = begin(BYTEA, values.length, bytes);
  let end = HEADER_BYTES;
  for (const value of values) {
    end = buffer.writeInt32BE(value.byteLength, end);
    buffer.set(value, end);
    end += value.byteLength;
  }
  return buffer;
}

/** @throws {RangeError} outside of 64 bits */
export function bigintArray(values: readonly bigint[]): Buffer {
  return int64Array(BIGINT, values);
}

export function timestampArray(times: readonly Date[]): Buffer {
  return int64Array(
    TIMESTAMPTZ,
    times.map((time) => BigInt(time.getTime() - POSTGRES_EPOCH_MS) * 1_000n),
  );
}

function int64Array(type: number, values: readonly bigint[]): Buffer {
  const buffer = begin(type, values.length, values.length * INT64_BYTES);
  let end = HEADER_BYTES;
  for (const value of values) {
    end = buffer.writeInt32BE(INT64_BYTES, end);
    end = buffer.writeBigInt64BE(value, end);
  }
  return buffer;
}

function begin(type: number, length: number, valueBytes: number): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + length * LENGTH_BYTES + valueBytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(0, 4);
  buffer.writeInt32BE(type, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}
