import type { OutgoingHttpHeader, OutgoingHttpHeaders } from "node:http";
import { isHopByHop, isInternal, namedByConnection } from "./hop-by-hop.ts";

type UpstreamHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What the gateway alone decides, whatever a service says. */
const OWN: ReadonlySet<string> = new Set(["x-api-version", "server", "x-powered-by"]);

/**
 * The headers that the caller gets: the service's less those of its connection, with the gateway's
 * own (`own`: request id, version, limits) over them. Names are in lower case.
 */
export function callerHeaders(
  upstream: UpstreamHeaders,
  own: Readonly<Record<string, OutgoingHttpHeader | undefined>>,
): OutgoingHttpHeaders {
  const named = namedByConnection(upstream["connection"]);
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(upstream)) {
    if (value === undefined || isHopByHop(name) || isInternal(name)) continue;
    if (OWN.has(name) || named.has(name)) continue;
    headers[name] = value;
  }
  return Object.assign(headers, own);
}
