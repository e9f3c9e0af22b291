import { REQUEST_ID_HEADER } from "@orrery/common/http/request-id";
import { CONTEXT_HEADER } from "@orrery/common/http/signed-context";
import { isHopByHop, isInternal, namedByConnection } from "./hop-by-hop.ts";

interface Inbound {
  /** Names and values in turns, as they came. */
  readonly rawHeaders: readonly string[];
  readonly connection: string | undefined;
  readonly host: string | undefined;
  readonly remoteAddress: string | undefined;
  /** Whether the peer is a proxy of ours, whose word on where it came from counts. */
  readonly isPeerTrusted: boolean;
}

interface Added {
  readonly requestId: string;
  /** The signed context. */
  readonly context: string;
  /** The length of the body when it is known; a body of unknown length is sent in chunks. */
  readonly contentLength: string | undefined;
}

/** Headers that the gateway writes itself or that were meant for it. */
const OWN: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "expect",
  "authorization",
  "x-api-key",
  REQUEST_ID_HEADER,
]);

/** The headers that a service gets: what the caller sent less what it may not say, and our own. */
export function upstreamHeaders(inbound: Inbound, added: Added): string[] {
  const { rawHeaders, isPeerTrusted } = inbound;
  const named = namedByConnection(inbound.connection);
  const headers: string[] = [];
  const chain: string[] = [];
  let isProtoGiven = false;
  let isHostGiven = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = rawHeaders[index + 1] ?? "";
    if (isHopByHop(name) || OWN.has(name) || isInternal(name) || named.has(name)) continue;
    if (name === "forwarded" || name.startsWith("x-forwarded-")) {
      if (!isPeerTrusted) continue;
      if (name === "x-forwarded-for") {
        chain.push(value);
        continue;
      }
      isProtoGiven ||= name === "x-forwarded-proto";
      isHostGiven ||= name === "x-forwarded-host";
    }
    headers.push(name, value);
  }
  if (inbound.remoteAddress !== undefined) chain.push(inbound.remoteAddress);
  headers.push("x-forwarded-for", chain.join(", "));
  if (!isProtoGiven) headers.push("x-forwarded-proto", "http");
  if (!isHostGiven && inbound.host !== undefined) headers.push("x-forwarded-host", inbound.host);
  headers.push(REQUEST_ID_HEADER, added.requestId, CONTEXT_HEADER, added.context);
  if (added.contentLength !== undefined) headers.push("content-length", added.contentLength);
  return headers;
}
