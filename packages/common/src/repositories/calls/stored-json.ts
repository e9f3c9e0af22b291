/** What Postgres has no place for, in text and in jsonb: NUL, and halves of a character. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu;
/** ASCII's own stand-in. A control character as NUL is: what refuses one refuses the other. */
const SUBSTITUTE = "\u001a";

/** Text that any column takes. */
export function storedText(text: string): string {
  return text.replaceAll(UNSTORABLE, SUBSTITUTE);
}

/**
 * JSON that any jsonb column takes, whatever strangers put into the value: integers beyond those of
 * JSON as their digits, bytes as hexadecimal text.
 */
export function storedJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => storable(part));
}

function storable(part: unknown): unknown {
  if (typeof part === "string") return storedText(part);
  if (typeof part === "bigint") return part.toString();
  if (part instanceof Uint8Array) return Buffer.from(part).toString("hex");
  if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([name, of]) => [storedText(name), of]));
}
