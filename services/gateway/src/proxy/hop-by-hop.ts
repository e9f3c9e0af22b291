/** Headers of one connection, never of the message. @see RFC 9110, section 7.6.1 */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const NONE: ReadonlySet<string> = new Set();

export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name);
}

/** What a message's `Connection` names beside the usual: those headers end here too. */
export function namedByConnection(
  connection: string | readonly string[] | undefined,
): ReadonlySet<string> {
  if (connection === undefined || connection === "keep-alive") return NONE;
  const names = String(connection).toLowerCase().split(",");
  return new Set(names.map((name) => name.trim()));
}

/** Names that speak for the gateway or a service: nobody outside may say them, in or out. */
export function isInternal(name: string): boolean {
  return name.startsWith("x-orrery-") || name.startsWith("x-internal-") || name === "x-tenant-id";
}
