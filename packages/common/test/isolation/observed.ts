/** What a call gave or threw, as text, without what differs from call to call: its tenant, ids and times. */
export async function observe(call: () => Promise<unknown>, tenantId: string): Promise<string> {
  const result = await call().catch(refusalOf);
  const text = JSON.stringify(result, plain) ?? "undefined";
  return text
    .replaceAll(tenantId, "<tenant>")
    .replaceAll(TIME, '"<now>"')
    .replaceAll(NEW_UUID, "<new id>")
    .replaceAll(NAMED_UUID, "<named id>")
    .replaceAll(/"(sequence|epoch)":"\d+n"/g, '"$1":"<next>"');
}

export const REFUSED = JSON.stringify({ refused: "42501" });

const TIME = /"20[2-9]\d-[0-9T:.-]+Z"/g;
/** A UUIDv7 of these years; those of the seed are older. */
const NEW_UUID = /01[9a-f][0-9a-f]{5}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** A UUIDv8: a hash, of the tenant too. */
const NAMED_UUID = /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

function refusalOf(error: unknown): object {
  const { code, message } = error as { code?: string; message: string };
  return { refused: code ?? message };
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Map || value instanceof Set) return [...value];
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return value;
}
