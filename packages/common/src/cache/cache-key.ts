/**
 * A key of parts that cannot run into each other: what separates parts, or reads as one of the
 * `reserved` words while being a value, is percent-encoded.
 */
export function keyPart(value: string, reserved: readonly string[] = []): string {
  const encoded = encodeURIComponent(value);
  if (!reserved.includes(encoded)) return encoded;
  const [first = ""] = encoded;
  return `%${first.charCodeAt(0).toString(16)}${encoded.slice(1)}`;
}
