import { Keypair, StrKey } from "@stellar/stellar-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SimWorld } from "./support/sim-world.ts";

let world: SimWorld;
beforeAll(async () => {
  world = await SimWorld.begin();
});
afterAll(() => world.end());

async function errorOf(body: string): Promise<{ status: number; code: number | undefined }> {
  const answer = await world.post(body);
  const text = await answer.text();
  const parsed = JSON.parse(text) as { error?: { code?: number } };
  return { status: answer.status, code: parsed.error?.code };
}

describe("JSON-RPC", () => {
  it("tells what is wrong with a request by the standard's codes", async () => {
    const codes = [
      ["{", -32_700],
      ["[]", -32_600],
      ['[{"jsonrpc":"2.0","id":1,"method":"getHealth"}]', -32_600],
      ['"text"', -32_600],
      ['{"id":1,"method":"getHealth"}', -32_600],
      ['{"jsonrpc":"2.0","id":{},"method":"getHealth"}', -32_600],
      ['{"jsonrpc":"2.0","id":1,"method":"noSuchMethod"}', -32_601],
      ['{"jsonrpc":"2.0","id":1,"method":"toString"}', -32_601],
      ['{"jsonrpc":"2.0","id":1,"method":"getTransaction","params":["ab"]}', -32_602],
      ['{"jsonrpc":"2.0","id":1,"method":"getTransaction","params":{"hash":"zz"}}', -32_602],
      [
        '{"jsonrpc":"2.0","id":1,"method":"sendTransaction","params":{"transaction":"AAAA"}}',
        -32_602,
      ],
      ['{"jsonrpc":"2.0","id":1,"method":"getLedgerEntries","params":{"keys":["AAAA"]}}', -32_602],
      [
        '{"jsonrpc":"2.0","id":1,"method":"getEvents","params":{"startLedger":1,"filters":{}}}',
        -32_602,
      ],
    ] as const;
    for (const [body, code] of codes)
      expect(await errorOf(body), body).toEqual({ status: 200, code });
  });

  it("answers simulation of what does not decode as the network does, without an error object", async () => {
    const answer = await world.call("simulateTransaction", { transaction: "AAAA" });
    expect(answer).toMatchObject({ error: "Could not unmarshal transaction", latestLedger: 1 });
  });

  it("refuses a body of more than a megabyte", async () => {
    const answer = await world.post(`"${"x".repeat(1_100_000)}"`);
    expect(answer.status).toBe(413);
  });

  it("serves calls by POST only, and the probes by GET", async () => {
    const statusOf = async (path: string) => (await fetch(`${world.sim.url}${path}`)).status;
    expect(await statusOf("/")).toBe(405);
    expect(await statusOf("/livez")).toBe(200);
    expect(await statusOf("/readyz")).toBe(200);
    expect(await statusOf("/friendbot?addr=nobody")).toBe(400);
  });

  it("gives a notification no answer", async () => {
    const answer = await world.post('{"jsonrpc":"2.0","method":"getHealth"}');
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
  });
});

describe("sim_fund", () => {
  const unknown = StrKey.encodeContract(Keypair.random().rawPublicKey());

  it("makes a vault of an unknown id and adds to a known one", async () => {
    const fund = () => world.call("sim_fund", { contractId: unknown, amount: "40" });
    expect(await fund()).toEqual({ contractId: unknown, balance: "40" });
    expect(await fund()).toEqual({ contractId: unknown, balance: "80" });
    const { vaults } = await world.call<{ vaults: object }>("sim_state");
    expect(vaults).toMatchObject({
      [unknown]: { balance: "80", authorizedCaller: world.caller.publicKey() },
    });
  });

  it("refuses ids that are no contract and amounts that are no stroops, changing nothing", async () => {
    const before = await world.call("sim_state");
    const other = StrKey.encodeContract(Keypair.random().rawPublicKey());
    const refused = [
      { contractId: Keypair.random().publicKey(), amount: "1" },
      { contractId: `${other.slice(0, -1)}${other.endsWith("A") ? "B" : "A"}`, amount: "1" },
      { contractId: "", amount: "1" },
      { amount: "1" },
      { contractId: other },
      ...["0", "-1", "1.5", "1e3", "", " 1", "x", 5, null, (2n ** 127n).toString()].map(
        (amount) => ({ contractId: other, amount }),
      ),
      { contractId: other, amount: "1", note: "x" },
    ];
    for (const params of refused) {
      await expect(world.call("sim_fund", params), JSON.stringify(params)).rejects.toMatchObject({
        code: -32_602,
      });
    }
    expect(await world.call("sim_state")).toEqual(before);
  });
});

describe("sim_closeLedger", () => {
  it("closes as many as asked and answers the last", async () => {
    const { latestLedger: before } = await world.call<{ latestLedger: number }>("sim_state");
    expect(await world.call("sim_closeLedger")).toMatchObject({ latestLedger: before + 1 });
    const closed = await world.call("sim_closeLedger", { count: 3 });
    expect(closed).toMatchObject({ latestLedger: before + 4 });
    for (const count of [0, -1, 1.5, "2", 100_000]) {
      await expect(world.call("sim_closeLedger", { count })).rejects.toMatchObject({
        code: -32_602,
      });
    }
  });
});

describe("sim_emitEvent", () => {
  it("refuses what is no contract event", async () => {
    const contractId = world.vault;
    const refused = [
      { contractId, topics: [], data: 1 },
      { contractId, topics: ["a", "b", "c", "d", "e"], data: 1 },
      { contractId, topics: "burn", data: 1 },
      { contractId, topics: ["burn"] },
      { contractId, topics: ["burn"], data: 1.5 },
      { contractId, topics: [{ i128: "x" }], data: 1 },
      { contractId: "nobody", topics: ["burn"], data: 1 },
    ];
    for (const params of refused) {
      await expect(
        world.call("sim_emitEvent", params),
        JSON.stringify(params),
      ).rejects.toMatchObject({ code: -32_602 });
    }
  });
});
