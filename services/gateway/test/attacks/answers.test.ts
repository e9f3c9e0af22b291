import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Attack,
  type RawUpstream,
  startRawUpstream,
  startTarget,
  statusesOf,
  type Target,
} from "./target.ts";

interface AnswerAttack extends Attack {
  readonly answer: string;
  readonly status: number;
}

const ONE_ANSWER = "one answer stays one answer for everybody on the way";

/** What a service that was taken over, or is broken, might say. */
const REFUSED: readonly AnswerAttack[] = [
  {
    attack: "a length and chunks",
    answer: "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    status: 502,
    defends: ONE_ANSWER,
  },
  {
    attack: "two lengths",
    answer: "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx",
    status: 502,
    defends: ONE_ANSWER,
  },
  {
    attack: "a length that is none",
    answer: "HTTP/1.1 200 OK\r\ncontent-length: one\r\n\r\nx",
    status: 502,
    defends: ONE_ANSWER,
  },
  {
    attack: "a NUL in a header",
    answer: "HTTP/1.1 200 OK\r\nx-a: a\0b\r\ncontent-length: 0\r\n\r\n",
    status: 502,
    defends: "headers that callers read differently",
  },
  {
    attack: "a carriage return in a header",
    answer: "HTTP/1.1 200 OK\r\nx-a: a\rset-cookie: b\r\ncontent-length: 0\r\n\r\n",
    status: 502,
    defends: "headers that the service did not mean",
  },
  {
    attack: "another protocol",
    answer: "SSH-2.0-OpenSSH_9\r\n",
    status: 502,
    defends: "answers that are none",
  },
  {
    attack: "leaving HTTP",
    answer: "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    status: 502,
    defends: "bytes that nobody looks at any more",
  },
  {
    attack: "a status that is none",
    answer: "HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n",
    status: 502,
    defends: "answers that are none",
  },
  {
    attack: "headers without end",
    answer: `HTTP/1.1 200 OK\r\n${"x-a: y\r\n".repeat(5_000)}`,
    status: 502,
    defends: "memory",
  },
];

describe("attacks by what a service answers", () => {
  let service: RawUpstream;
  let target: Target;
  beforeAll(async () => {
    service = await startRawUpstream();
    target = await startTarget({ CATALOG_URL: service.url });
  });
  afterAll(async () => {
    await target.close();
    await service.close();
  });
  const call = (...lines: string[]) =>
    target.send(target.head("GET /api/v1/stats HTTP/1.1", ...lines, "connection: close"));

  it.each(REFUSED)("$attack: defends $defends", async ({ answer, status }) => {
    service.answer = answer;
    const got = await call();
    expect(statusesOf(got)).toEqual([status]);
    expect(got).toContain('"code":"bad_gateway"');
    expect(got).not.toMatch(/127\.0\.0\.1|ECONN|HPE_|undici|stack/);
  });

  it("a second answer behind the first: defends the next caller's own answer", async () => {
    const one = (text: string) =>
      `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
    service.answer = one("first") + one("poison");
    expect(await call()).toContain("first");
    service.answer = one("second");
    const next = await call();
    expect(next).toContain("second");
    expect(next).not.toContain("poison");
  });

  it("what it runs on, and words of ours: defends what only we know", async () => {
    service.answer = [
      "HTTP/1.1 200 OK",
      "server: catalog/1.2.3",
      "x-powered-by: secret",
      "x-orrery-context: secret",
      "x-internal-host: secret",
      "x-api-version: v9",
      "connection: x-hop",
      "x-hop: secret",
      "content-length: 0",
      "",
      "",
    ].join("\r\n");
    const answer = await call();
    expect(answer).toContain("x-api-version: v1");
    expect(answer).not.toMatch(/secret|catalog\/|^server:/im);
  });

  it("an interim answer: defends that the first answer is the answer", async () => {
    const hints = "HTTP/1.1 103 Early Hints\r\nx-early: secret\r\n\r\n";
    service.answer = `${hints}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok`;
    const answer = await call();
    expect(statusesOf(answer)).toEqual([200]);
    expect(answer).not.toContain("secret");
  });

  it("trailers: defends headers that nobody looked at", async () => {
    const head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-late\r\n\r\n";
    service.answer = `${head}2\r\nok\r\n0\r\nx-late: secret\r\n\r\n`;
    const answer = await call();
    expect(answer).toContain("ok");
    expect(answer).not.toContain("secret");
  });

  it("less than it announced: defends that half an answer is no answer", async () => {
    service.answer = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf";
    service.hangsUp = true;
    const answer = await target.send(target.head("GET /api/v1/stats HTTP/1.1"));
    service.hangsUp = false;
    expect(answer).toContain("content-length: 100");
    expect(answer).toMatch(/half$/);
  });
});
