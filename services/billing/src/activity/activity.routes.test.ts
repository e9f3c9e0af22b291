import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BillingFixture, createBillingFixture } from "../../test/billing-fixture.ts";
import { PAID_IN, StreamCalls } from "../../test/stream-calls.ts";

let billing: BillingFixture;
let streams: StreamCalls;
let ended: string;
let other: string;

beforeAll(async () => {
  billing = await createBillingFixture();
  streams = new StreamCalls(billing);
  await streams.giveAdaAVault();
  ended = await streams.createActive();
  await streams.act(ended, "pause");
  billing.time.nowMs += 1_000;
  other = await streams.create({ id: "other" });
  await streams.actAndPay(ended, "settle");
});

afterAll(() => billing.close());

const get = (path: string, tenantId = "acme") => billing.call("GET", path, undefined, { tenantId });

describe("GET /streams/{streamId}/activity", () => {
  it("tells what happened to the stream, newest first, with what belongs to it", async () => {
    const { data, meta } = (await get(`/streams/${ended}/activity`)).json();
    expect(meta).toEqual({ limit: 20, hasNext: false, nextCursor: null, total: 5 });
    const payment = { action: "settle", amountUsdc: "0.000002" };
    expect(data).toMatchObject([
      {
        type: "stream.ended",
        streamId: ended,
        details: { ...payment, stellarTxHash: PAID_IN.hash, ledger: PAID_IN.ledger },
      },
      { type: "stream.settlement_requested", details: payment },
      { type: "stream.paused", details: { accruedUsdc: "0.000002" } },
      { type: "stream.started", details: {} },
      { type: "stream.created", details: {} },
    ]);
    const times = data.map(({ happenedAt }: { happenedAt: string }) => Date.parse(happenedAt));
    expect(times).toEqual([...new Set<number>(times)].toSorted((a, b) => b - a));
  });

  it("is 404 for a stream that is not there", async () => {
    const answer = await get("/streams/none/activity");
    expect([answer.statusCode, answer.json().code]).toEqual([404, "stream_not_found"]);
  });
});

describe("GET /activity", () => {
  it("walks what happened to all streams of the tenant, newest first", async () => {
    const seen: string[] = [];
    let cursor = "";
    for (;;) {
      const { data, meta } = (await get(`/activity?limit=2${cursor}`)).json();
      expect([meta.limit, meta.total]).toEqual([2, 6]);
      seen.push(...data.map(({ streamId, type }: Record<string, string>) => `${streamId} ${type}`));
      if (!meta.hasNext) break;
      cursor = `&cursor=${encodeURIComponent(meta.nextCursor)}`;
    }
    expect(seen).toHaveLength(6);
    expect(seen.at(0)).toBe(`${ended} stream.ended`);
    expect(seen.slice(1, 3).toSorted()).toEqual(
      [`${ended} stream.settlement_requested`, `${other} stream.created`].toSorted(),
    );
    expect(seen.at(-1)).toBe(`${ended} stream.created`);
  });

  it("selects by type", async () => {
    const { data, meta } = (await get("/activity?type=stream.created")).json();
    expect([data.length, meta.total]).toEqual([2, 2]);
    expect(new Set(data.map(({ type }: { type: string }) => type))).toEqual(
      new Set(["stream.created"]),
    );
  });

  it("shows a tenant its own alone", async () => {
    expect((await get("/activity", "globex")).json()).toMatchObject({
      data: [],
      meta: { total: 0 },
    });
  });

  it.each(["type=stream.gone", "limit=0", "streamId=x"])("refuses ?%s", async (query) => {
    expect((await get(`/activity?${query}`)).statusCode).toBe(400);
  });

  it.each(["MQ==", "MjAyNi0wMy0wMVQxMjowMDowMC4wMDBafDE="])(
    "refuses the cursor %s",
    async (cursor) => {
      for (const path of ["/activity", `/streams/${ended}/activity`]) {
        const answer = await get(`${path}?cursor=${encodeURIComponent(cursor)}`);
        expect([answer.statusCode, answer.json().code]).toEqual([422, "invalid_cursor"]);
      }
    },
  );
});
