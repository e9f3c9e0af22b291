import { REFUSED } from "@orrery/common/testing/settle-intent";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BillingFixture, createBillingFixture } from "../../test/billing-fixture.ts";
import { type Action, PAID_IN, StreamCalls } from "../../test/stream-calls.ts";

type Status = "draft" | "active" | "paused" | "ended" | "withdrawn" | "cancelled";
type Cell = Status | "same" | 409 | 422;

const ACTIONS = ["start", "pause", "stop", "settle", "withdraw", "cancel"] as const;

/** What the contract says of each action in each status. */
const TABLE: Readonly<Record<Status, readonly Cell[]>> = {
  draft: ["active", 409, "ended", 409, 409, 422],
  active: ["same", "paused", "ended", "ended", 409, "cancelled"],
  paused: ["active", "same", "ended", "ended", 409, "cancelled"],
  ended: [409, 409, "same", "same", "withdrawn", 409],
  withdrawn: [409, 409, 409, 409, "same", 409],
  cancelled: [409, 409, 409, 409, 409, "same"],
};

const NEXT_ACTIONS = {
  draft: "start",
  active: "pause",
  paused: "stop",
  ended: "withdraw",
  withdrawn: null,
  cancelled: null,
} as const;

const CELLS = Object.entries(TABLE).flatMap(([status, cells]) =>
  cells.map((cell, index) => ({
    status: status as Status,
    action: ACTIONS[index] ?? "start",
    cell,
  })),
);
const moves = CELLS.filter(
  (one): one is { status: Status; action: Action; cell: Status } =>
    typeof one.cell === "string" && one.cell !== "same",
);
const PAYING = ["active", "paused"];
const paying = moves.filter(
  ({ status, action }) => PAYING.includes(status) && ["stop", "settle", "cancel"].includes(action),
);

let billing: BillingFixture;
let streams: StreamCalls;

beforeAll(async () => {
  billing = await createBillingFixture();
  streams = new StreamCalls(billing);
  await streams.giveAdaAVault();
  streams.confirmations(3);
});

afterAll(() => billing.close());

/** A stream in this status that has accrued 20 stroops, or nothing. */
async function streamIn(status: Status, hasAccrued = true): Promise<string> {
  const id = await streams.create();
  if (status === "draft") return id;
  await streams.act(id, "start");
  if (hasAccrued) billing.time.nowMs += 2_000;
  if (status === "active") return id;
  if (status === "paused") {
    await streams.act(id, "pause");
    billing.time.nowMs += 60_000;
    return id;
  }
  const ending = status === "cancelled" ? "cancel" : "stop";
  await (hasAccrued ? streams.actAndPay(id, ending) : streams.act(id, ending));
  if (status === "withdrawn") await streams.act(id, "withdraw");
  return id;
}

describe("the status × action table of streams", () => {
  it("has every cell", () => {
    expect(CELLS).toHaveLength(36);
  });

  it.each(Object.keys(TABLE) as Status[])(
    "names what is to be done next when %s",
    async (status) => {
      expect(await streams.get(await streamIn(status))).toMatchObject({
        status,
        nextAction: NEXT_ACTIONS[status],
      });
    },
  );

  it.each(CELLS.filter(({ cell }) => cell === "same"))(
    "$status × $action is 200 and changes nothing",
    async ({ status, action }) => {
      const id = await streamIn(status);
      const [before, told] = [await streams.get(id), await streams.activity(id)];
      const answer = await streams.act(id, action);
      expect([answer.statusCode, answer.json()]).toEqual([200, before]);
      expect(await streams.get(id)).toEqual(before);
      expect(await streams.activity(id)).toEqual(told);
    },
  );

  it.each(CELLS.filter(({ cell }) => typeof cell === "number"))(
    "$status × $action is refused with $cell and changes nothing",
    async ({ status, action, cell }) => {
      const id = await streamIn(status);
      const [before, told, wakes] = [
        await streams.get(id),
        await streams.activity(id),
        billing.wakes(),
      ];
      const answer = await streams.act(id, action);
      const code = cell === 422 ? "stream_not_cancellable" : "invalid_stream_state";
      expect([answer.statusCode, answer.json().code]).toEqual([cell, code]);
      expect(await streams.get(id)).toEqual(before);
      expect(await streams.activity(id)).toEqual(told);
      expect(billing.wakes()).toBe(wakes);
    },
  );

  it.each(moves)("$status × $action leads to $cell when nothing is owed", async (one) => {
    const { status, action, cell } = one;
    const id = await streamIn(status, false);
    const [told, wakes] = [await streams.activity(id), billing.wakes()];
    const answer = await streams.act(id, action);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ status: cell, nextAction: NEXT_ACTIONS[cell] });
    expect(await streams.get(id)).toEqual(answer.json());
    expect(await streams.activity(id)).toHaveLength(told.length + 1);
    expect(billing.wakes()).toBe(wakes);
    const hasEnded = cell === "ended" || cell === "cancelled" || cell === "withdrawn";
    expect(answer.json().settlementTxHash).toBe(hasEnded ? null : undefined);
  });

  it.each(paying)("$status × $action pays what is owed and leads to $cell", async (one) => {
    const { status, action, cell } = one;
    const id = await streamIn(status);
    const answer = await streams.actAndPay(id, action);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      status: cell,
      accruedUsdc: "0.000002",
      settledUsdc: "0.000002",
      settlementTxHash: PAID_IN.hash,
    });
    expect((await streams.activity(id)).slice(0, 2)).toEqual([
      cell === "cancelled" ? "stream.cancelled" : "stream.ended",
      "stream.settlement_requested",
    ]);
  });

  it.each(paying)(
    "$status × $action leaves the stream as it was when it is not paid",
    async (one) => {
      const { status, action } = one;
      const id = await streamIn(status);
      const before = await streams.get(id);
      const answer = await streams.actAndPay(id, action, REFUSED);
      expect([answer.statusCode, answer.json().code]).toEqual([402, "insufficient_balance"]);
      expect(await streams.get(id)).toEqual(before);
      expect((await streams.activity(id))[0]).toBe("stream.settlement_failed");
      const again = await streams.actAndPay(id, action);
      expect([again.statusCode, again.json().settledUsdc]).toEqual([200, "0.000002"]);
    },
  );

  it.each(paying)("$status × $action refuses other actions until it is over", async (one) => {
    const { status, action } = one;
    const id = await streamIn(status);
    expect((await streams.actAsync(id, action)).statusCode).toBe(202);
    const before = await streams.get(id);
    for (const other of ACTIONS.filter((each) => each !== action)) {
      const answer = await streams.act(id, other);
      expect([answer.statusCode, answer.json().code]).toEqual([409, "settlement_in_progress"]);
    }
    expect(await streams.get(id)).toEqual(before);
  });
});
