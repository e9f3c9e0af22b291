import { describe, expect, it } from "vitest";
import { upstreamHeaders } from "./request-headers.ts";

const added = { requestId: "r1", context: "signed", contentLength: undefined };

function send(rawHeaders: string[], isPeerTrusted = false, connection?: string) {
  const flat = upstreamHeaders(
    { rawHeaders, connection, host: "api.example", remoteAddress: "198.51.100.9", isPeerTrusted },
    added,
  );
  const headers: Record<string, string[]> = {};
  for (let index = 0; index < flat.length; index += 2) {
    (headers[flat[index] ?? ""] ??= []).push(flat[index + 1] ?? "");
  }
  return headers;
}

describe("upstreamHeaders", () => {
  it.each([
    ["x-orrery-context", "forged"],
    ["X-Orrery-Anything", "1"],
    ["X-Tenant-ID", "globex"],
    ["x-internal-user", "root"],
    ["Forwarded", "for=1.2.3.4"],
    ["X-Forwarded-For", "1.2.3.4"],
    ["X-Forwarded-Proto", "https"],
    ["X-Forwarded-Host", "evil.example"],
    ["X-Forwarded-Prefix", "/evil"],
    ["X-Request-Id", "forged"],
    ["Host", "evil.example"],
    ["Authorization", "Bearer a.b.c"],
    ["X-API-Key", "ork_x"],
    ["Expect", "100-continue"],
    ["Connection", "close"],
    ["Keep-Alive", "timeout=5"],
    ["Proxy-Authorization", "Basic x"],
    ["Proxy-Connection", "keep-alive"],
    ["TE", "trailers"],
    ["Trailer", "x-late"],
    ["Transfer-Encoding", "chunked"],
    ["Upgrade", "websocket"],
    ["Content-Length", "7"],
  ])("drops %s from an untrusted peer", (name, value) => {
    const headers = send([name, value]);
    expect(Object.values(headers).flat()).not.toContain(value);
  });

  it("says itself whom the request came from, its id and its context", () => {
    expect(send([])).toEqual({
      "x-forwarded-for": ["198.51.100.9"],
      "x-forwarded-proto": ["http"],
      "x-forwarded-host": ["api.example"],
      "x-request-id": ["r1"],
      "x-orrery-context": ["signed"],
    });
  });

  it("drops what Connection names, and cannot be made to drop its own that way", () => {
    const named = "close, X-Secret-Hop,x-orrery-context , X-Request-Id";
    const headers = send(["x-secret-hop", "1", "accept", "*/*"], false, named);
    expect(headers).toMatchObject({
      accept: ["*/*"],
      "x-orrery-context": ["signed"],
      "x-request-id": ["r1"],
    });
    expect(headers).not.toHaveProperty("x-secret-hop");
  });

  it("believes a trusted proxy, and adds itself to the chain", () => {
    const headers = send(
      ["X-Forwarded-For", "1.2.3.4", "X-Forwarded-Proto", "https", "X-Orrery-Context", "forged"],
      true,
    );
    expect(headers).toMatchObject({
      "x-forwarded-for": ["1.2.3.4, 198.51.100.9"],
      "x-forwarded-proto": ["https"],
      "x-orrery-context": ["signed"],
    });
  });

  it("passes everything else as it is, repeated headers too", () => {
    const headers = send([
      ...["Idempotency-Key", "k1", "traceparent", "00-a-b-01"],
      ...["Accept", "a", "accept", "b"],
    ]);
    expect(headers).toMatchObject({
      "idempotency-key": ["k1"],
      traceparent: ["00-a-b-01"],
      accept: ["a", "b"],
    });
  });
});
