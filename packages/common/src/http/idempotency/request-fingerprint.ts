import { createHash } from "node:crypto";
import { formatUsdc, parseUsdc, USDC_PATTERN } from "../../contracts/money.ts";

/** What a request asks for, as far as a repeat must ask for the same. */
export interface FingerprintedRequest {
  readonly method: string;
  /** The route's template: the same under every mount. */
  readonly route: string;
  /** The path's parameters, decoded. */
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** The part of a JSON Schema that tells where amounts of money are. */
interface MoneySchema {
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, MoneySchema>>;
  readonly items?: MoneySchema;
}

/**
 * SHA-256 of a request in canonical form: the order of members does not matter, nor how an amount of
 * money is written where the body's schema has one (`1.50` is `1.5`).
 */
export function fingerprintOf(
  { method, route, params, query, body }: FingerprintedRequest,
  bodySchema: object = {},
): Uint8Array {
  const parts = [canonicalOf(params, {}), canonicalOf(query, {}), canonicalOf(body, bodySchema)];
  return createHash("sha256")
    .update(JSON.stringify([method, route, ...parts]))
    .digest();
}

/** The value with its members in order: as pairs, since an object would put numbers first. */
function canonicalOf(value: unknown, schema: MoneySchema): unknown {
  if (typeof value === "string") return schema.pattern === USDC_PATTERN ? amountOf(value) : value;
  if (Array.isArray(value)) return value.map((item) => canonicalOf(item, schema.items ?? {}));
  if (typeof value !== "object" || value === null) return value ?? null;
  const members = Object.entries(value)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, member]) => [name, canonicalOf(member, schema.properties?.[name] ?? {})]);
  return { members };
}

function amountOf(text: string): string {
  const stroops = parseUsdc(text);
  return stroops === undefined ? text : formatUsdc(stroops);
}
