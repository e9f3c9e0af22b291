import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Attack, startTarget, statusesOf, type Target } from "./target.ts";

interface FramingAttack extends Attack {
  /** What follows the request line, Host and the credential. */
  readonly lines: readonly string[];
  readonly body?: string;
}

/** A request of somebody else's that must never come out of the body of the first. */
const HIDDEN = "GET /api/v1/admin/tenants HTTP/1.1\r\nhost: a\r\n\r\n";
const ONE_REQUEST = "one request stays one request for everybody on the way";

const REFUSED: readonly FramingAttack[] = [
  {
    attack: "a length and chunks (CL.TE)",
    lines: ["content-length: 6", "transfer-encoding: chunked"],
    body: "0\r\n\r\nG",
    defends: ONE_REQUEST,
  },
  {
    attack: "chunks and a length (TE.CL)",
    lines: ["transfer-encoding: chunked", "content-length: 4"],
    body: `2e\r\n${HIDDEN}\r\n0\r\n\r\n`,
    defends: ONE_REQUEST,
  },
  {
    attack: "two lengths that differ",
    lines: ["content-length: 0", "content-length: 44"],
    body: HIDDEN,
    defends: ONE_REQUEST,
  },
  {
    attack: "the same length twice",
    lines: ["content-length: 1", "content-length: 1"],
    body: "x",
    defends: ONE_REQUEST,
  },
  {
    attack: "a list of lengths",
    lines: ["content-length: 1, 1"],
    body: "x",
    defends: ONE_REQUEST,
  },
  {
    attack: "a length with a sign",
    lines: ["content-length: +1"],
    body: "x",
    defends: ONE_REQUEST,
  },
  { attack: "a negative length", lines: ["content-length: -1"], defends: ONE_REQUEST },
  { attack: "a length in hex", lines: ["content-length: 0x1"], body: "x", defends: ONE_REQUEST },
  { attack: "a length with a blank in it", lines: ["content-length: 1 0"], defends: ONE_REQUEST },
  {
    attack: "a length past 64 bits",
    lines: ["content-length: 18446744073709551617"],
    body: "x",
    defends: "a length that wraps to 1 hides the rest",
  },
  {
    attack: "chunked twice (TE.TE)",
    lines: ["transfer-encoding: chunked", "transfer-encoding: chunked"],
    body: "0\r\n\r\n",
    defends: ONE_REQUEST,
  },
  {
    attack: "chunked that is not the last coding",
    lines: ["transfer-encoding: chunked, identity"],
    body: "0\r\n\r\n",
    defends: ONE_REQUEST,
  },
  {
    attack: "a coding that only looks like chunked",
    lines: ["transfer-encoding: xchunked"],
    body: "0\r\n\r\n",
    defends: ONE_REQUEST,
  },
  {
    attack: "a coding behind a vertical tab",
    lines: ["transfer-encoding: \x0bchunked"],
    body: "0\r\n\r\n",
    defends: ONE_REQUEST,
  },
  {
    attack: "a blank before the colon",
    lines: ["transfer-encoding : chunked"],
    body: "0\r\n\r\n",
    defends: "one party sees the header, the other does not",
  },
  {
    attack: "a folded header (obs-fold)",
    lines: ["transfer-encoding:", " chunked"],
    body: "0\r\n\r\n",
    defends: "one party sees the header, the other does not",
  },
  {
    attack: "a folded value that carries a header",
    lines: ["x-harmless: a", "\tx-orrery-context: forged"],
    defends: "a context that a service believes",
  },
  {
    attack: "a header line ended by a bare line feed",
    lines: ["x-harmless: a\nx-orrery-context: forged"],
    defends: "a header that the gateway did not look at",
  },
  {
    attack: "a bare carriage return in a value",
    lines: ["x-harmless: a\rx-orrery-context: forged"],
    defends: "a header that the gateway did not look at",
  },
  {
    attack: "a NUL in a value",
    lines: ["x-harmless: a\0b"],
    defends: "values that are cut off where a service is written in C",
  },
  { attack: "a NUL in a name", lines: ["x-harm\0less: a"], defends: "names that are cut off" },
  {
    attack: "a blank in a name",
    lines: ["x orrery-context: a"],
    defends: "names that are repaired",
  },
  { attack: "a header without a name", lines: [": value"], defends: "names that are repaired" },
  {
    attack: "a header without a colon",
    lines: ["x-orrery-context"],
    defends: "lines that are guessed",
  },
  {
    attack: "a chunk's size with a sign",
    lines: ["transfer-encoding: chunked"],
    body: "+1\r\nx\r\n0\r\n\r\n",
    defends: ONE_REQUEST,
  },
  {
    attack: "a chunk's size in C's hex",
    lines: ["transfer-encoding: chunked"],
    body: "0x1\r\nx\r\n0\r\n\r\n",
    defends: ONE_REQUEST,
  },
  {
    attack: "a chunk's size past 64 bits",
    lines: ["transfer-encoding: chunked"],
    body: "10000000000000001\r\nx\r\n0\r\n\r\n",
    defends: "a size that wraps to 1 hides the rest",
  },
  {
    attack: "a chunk longer than it says",
    lines: ["transfer-encoding: chunked"],
    body: `1\r\nxGET\r\n0\r\n\r\n${HIDDEN}`,
    defends: ONE_REQUEST,
  },
  {
    attack: "a chunk's size ended by a bare line feed",
    lines: ["transfer-encoding: chunked"],
    body: "1\nx\r\n0\r\n\r\n",
    defends: ONE_REQUEST,
  },
  {
    attack: "a chunk extension with a bare line feed",
    lines: ["transfer-encoding: chunked"],
    body: `1;a\nx\r\n0\r\n\r\n${HIDDEN}`,
    defends: ONE_REQUEST,
  },
];

describe("framing attacks", () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
  });
  afterAll(() => target.close());
  beforeEach(() => {
    target.upstream.requests.length = 0;
  });

  it.each(REFUSED)("$attack: defends $defends", async ({ lines, body = "" }) => {
    const answer = await target.send(target.head("POST /api/v1/tokens HTTP/1.1", ...lines) + body);
    expect(statusesOf(answer)).toEqual([400]);
    expect(answer).toMatch(/connection: close/i);
    expect(answer).toContain("application/problem+json");
    // A body that went bad on its way may have been begun to be passed; a whole one never.
    expect(target.upstream.requests.filter(({ complete }) => complete)).toEqual([]);
  });

  it("a request hidden in the content of a GET: defends calls that were never authorised", async () => {
    const first = target.head("GET /api/v1/stats HTTP/1.1", `content-length: ${HIDDEN.length}`);
    const answer = await target.send(
      first + HIDDEN + target.head("GET /api/v1/pools HTTP/1.1", "connection: close"),
    );
    expect(statusesOf(answer)).toEqual([200, 200]);
    expect(target.upstream.requests.map(({ url }) => url)).toEqual([
      "/api/v1/stats",
      "/api/v1/pools",
    ]);
  });

  it("a second request behind a good one: defends that each needs a credential", async () => {
    const first = target.head("GET /api/v1/stats HTTP/1.1");
    const second = "GET /api/v1/pools HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    expect(statusesOf(await target.send(first + second))).toEqual([200, 401]);
    expect(target.upstream.requests).toHaveLength(1);
  });

  it("chunks in HTTP/1.0: defends one request staying one", async () => {
    const lines = ["transfer-encoding: chunked", "connection: keep-alive"];
    const head = target.head("POST /api/v1/tokens HTTP/1.0", ...lines);
    const answer = await target.send(`${head}0\r\n\r\n${HIDDEN}`);
    expect(statusesOf(answer)).toEqual([400]);
    expect(target.upstream.requests).toEqual([]);
  });

  it("a context in a trailer: defends a context that a service believes", async () => {
    const head = target.head(
      "POST /api/v1/tokens HTTP/1.1",
      "transfer-encoding: chunked",
      "trailer: x-orrery-context",
      "connection: close",
    );
    const answer = await target.send(`${head}1\r\nx\r\n0\r\nx-orrery-context: forged\r\n\r\n`);
    expect(statusesOf(answer)).toEqual([200]);
    const [request] = target.upstream.requests;
    expect([request?.trailers, request?.headers["trailer"]]).toEqual([{}, undefined]);
    expect(answer).not.toContain("forged");
  });
});
