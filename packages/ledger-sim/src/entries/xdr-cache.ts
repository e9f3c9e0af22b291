interface Encodable {
  toXdr(): Uint8Array;
}

const encoded = new WeakMap<Encodable, Uint8Array>();

/** Encodes an immutable value once, for as long as it lives. */
export function xdrBytes(value: Encodable): Uint8Array {
  const known = encoded.get(value);
  if (known) return known;
  const bytes = value.toXdr();
  encoded.set(value, bytes);
  return bytes;
}

/** The same in base64. */
export function xdrBase64(value: Encodable): string {
  return base64(xdrBytes(value));
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
}

export function xdrI64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** An unsigned number, a count or a union's discriminant: what stands between encoded values. */
export function xdrU32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
