import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { API_PREFIX } from "@orrery/common/contracts/operations";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PUSH_INTERVAL_MS } from "../src/live/live-board.ts";
import { CatalogClient } from "./catalog-client.ts";

const READERS = 200;
const WAIT = { timeout: 20_000, interval: 10 };

interface Push {
  id: string;
  event: string;
  board: { data: { token: { address: string }; metric: string }[]; meta: { total: number } };
}

/** A reader of server-sent events over a real socket. */
class Reader {
  status = 0;
  headers: Record<string, unknown> = {};
  text = "";
  hasEnded = false;
  readonly #request: ReturnType<typeof request>;

  constructor(url: string, headers: Record<string, string>) {
    this.#request = request(url, { headers, agent: false }, (response) => {
      this.status = response.statusCode ?? 0;
      this.headers = response.headers;
      response.setEncoding("utf8").on("data", (chunk: string) => {
        this.text += chunk;
      });
      response.on("close", () => {
        this.hasEnded = true;
      });
    });
    this.#request.on("error", () => {});
    this.#request.end();
  }

  get pushes(): Push[] {
    const messages = this.text.split("\n\n").filter((message) => message.includes("data: "));
    return messages.map((message) => {
      const fields = Object.fromEntries(
        message
          .split("\n")
          .map((line) => [line.split(": ", 1)[0], line.slice(line.indexOf(" ") + 1)]),
      );
      return {
        id: fields["id"] ?? "",
        event: fields["event"] ?? "",
        board: JSON.parse(fields["data"] ?? ""),
      };
    });
  }

  leave(): void {
    this.#request.destroy();
  }
}

describe("a live leaderboard", () => {
  let catalog: CatalogClient;
  let origin: string;
  let readers: Reader[];

  beforeEach(async () => {
    catalog = await CatalogClient.start({ METRICS_ENABLED: "true" });
    await catalog.catalog.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = catalog.catalog.app.server.address() as AddressInfo;
    origin = `http://127.0.0.1:${port}${API_PREFIX}`;
    readers = [];
  });
  afterEach(async () => {
    for (const reader of readers) reader.leave();
    await catalog.close();
  });

  function watch(path: string, headers: Record<string, string> = {}, tenantId = "acme"): Reader {
    const reader = new Reader(`${origin}${path}`, {
      ...catalog.contextHeaders({ tenantId }),
      ...headers,
    });
    readers.push(reader);
    return reader;
  }
  const pushed = (reader: Reader, count: number) =>
    vi.waitUntil(() => reader.pushes.length >= count, WAIT);

  async function metric(name: string): Promise<number> {
    const { body } = await catalog.catalog.app.inject({ url: "/metrics" });
    const lines = body.split("\n").filter((line) => line.startsWith(name));
    return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  }

  it("is sent to all at once, and again when burns changed it, read once for all of them", async () => {
    await catalog.createToken("A");
    await catalog.createToken("B");
    await catalog.burn("A", { txHash: "1", amount: "5" });
    const startedAtMs = performance.now();
    const reader = watch("/leaderboard/most-burned/live");
    const others = Array.from({ length: READERS - 1 }, () =>
      watch("/leaderboard/most-burned/live"),
    );
    const watching = [reader, ...others];
    for (const each of watching) await pushed(each, 1);
    expect(reader.status).toBe(200);
    expect(reader.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
    });
    expect(reader.pushes[0]).toMatchObject({
      event: "board",
      board: { data: [{ token: { address: "A" }, metric: "5" }], meta: { total: 1 } },
    });
    expect(await metric("catalog_live_readers")).toBe(READERS);
    const readsBefore = await metric('cache_requests_total{cache="leaderboard"');
    for (let n = 0; n < 3; n += 1) await catalog.burn("B", { txHash: `b${n}`, amount: "7" });
    const leader = ({ pushes }: Reader) => {
      const row = pushes.at(-1)?.board.data[0];
      return `${row?.token.address} ${row?.metric}`;
    };
    for (const each of watching) await vi.waitUntil(() => leader(each) === "B 21", WAIT);
    // However the burns fell, a push comes five seconds after the one before, and no earlier.
    const intervals = Math.ceil((performance.now() - startedAtMs) / PUSH_INTERVAL_MS);
    for (const { pushes } of watching) expect(pushes.length - 1).toBeLessThanOrEqual(intervals);
    const reads = (await metric('cache_requests_total{cache="leaderboard"')) - readsBefore;
    expect(reads).toBeLessThan(READERS / 10);
    for (const each of watching) each.leave();
    await expect.poll(() => metric("catalog_live_readers"), WAIT).toBe(0);
  });

  it("is not sent again to a reader who has it, and is to one who has an older one", async () => {
    await catalog.createToken("A");
    const first = watch("/leaderboard/newest/live");
    await pushed(first, 1);
    const id = first.pushes[0]?.id ?? "";
    const upToDate = watch("/leaderboard/newest/live", { "last-event-id": id });
    const behind = watch("/leaderboard/newest/live", { "last-event-id": "of-long-ago" });
    await pushed(behind, 1);
    await vi.waitUntil(() => upToDate.text !== "", WAIT);
    expect(behind.pushes[0]?.id).toBe(id);
    expect(upToDate.pushes).toEqual([]);
  });

  it("shows a tenant's own board to him alone", async () => {
    await catalog.createToken("SECRET", { listed: false });
    const own = watch("/leaderboard/newest/live?scope=tenant");
    const other = watch("/leaderboard/newest/live?scope=tenant", {}, "rival");
    await pushed(own, 1);
    await pushed(other, 1);
    expect(own.pushes[0]?.board.data).toHaveLength(1);
    expect(other.pushes[0]?.board.data).toEqual([]);
  });

  it("answers 404 for an unknown board", async () => {
    const unknown = watch("/leaderboard/most-loved/live");
    await vi.waitUntil(() => unknown.status !== 0, WAIT);
    expect(unknown.status).toBe(404);
  });

  it("ends its streams when the service drains", async () => {
    const reader = watch("/leaderboard/newest/live");
    await pushed(reader, 1);
    catalog.catalog.onDrain();
    await vi.waitUntil(() => reader.hasEnded, WAIT);
    expect(reader.text).toMatch(/\n\n$/);
    const late = watch("/leaderboard/newest/live");
    await vi.waitUntil(() => late.status !== 0, WAIT);
    expect(late.status).toBe(503);
    expect(late.headers["retry-after"]).toBe("10");
  });
});
