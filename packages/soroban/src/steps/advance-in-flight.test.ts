import { describe, expect, it } from "vitest";
import { channelKeys } from "../../test/support/accounts.ts";
import { paymentFrom } from "../../test/support/payment.ts";
import { FUNDS, isAccountKey, StepWorld, VAULT } from "../../test/support/step-world.ts";
import { LEDGER_MS } from "../../test/support/virtual-network.ts";
import { RpcError } from "../rpc/rpc-error.ts";
import type { LedgerEntriesAnswer, SorobanRpc } from "../rpc/soroban-rpc.ts";
import { firstBytes, newestBytes, openAttempt } from "./work-item.ts";

describe("a transaction whose sequence is used", () => {
  it("is not proven dead by a node that knows no such account", async () => {
    const world = await StepWorld.begin();
    const deaf: SorobanRpc = {
      ...world.rpc,
      sendTransaction: () => Promise.reject(new RpcError("timeout", "sendTransaction")),
    };
    const sent = await world.walk(await world.lease(world.intent()), "sent", { rpc: deaf });
    await world.rpc.sendTransaction(await paymentFrom(world.rpc, channelKeys(0), "0.0000001"));
    await world.network.pass(LEDGER_MS);
    const forgetful: SorobanRpc = {
      ...world.rpc,
      getLedgerEntries: async (keys) => ({
        ...(await world.rpc.getLedgerEntries(keys)),
        entries: [],
      }),
    };
    let item = sent;
    for (let polls = 0; polls < 4; polls += 1) {
      const step = await world.step(item, { rpc: forgetful });
      expect(step).toMatchObject({ kind: "again", item: { leased: { state: "sent" } } });
      if (step.kind === "again") item = step.item;
    }
    expect(item.seen.lastSend?.verdict.kind).toBe("sequence_used");
    expect(item.seen.channel).toBeUndefined();
    const dead = await world.walk(item, "dead");
    expect(await world.finish(dead)).toMatchObject({ kind: "resolved" });
    expect(world.balance).toBe(FUNDS - 10n);
  });

  it("is looked for under every hash that it replaced: the first may have been the one", async () => {
    const world = await StepWorld.begin();
    // The contract keeps no markers: the sequence alone stands between the two.
    world.network.updateVault(VAULT, { hasMarkers: false });
    const intent = world.intent();
    const accounts = new Map<string, LedgerEntriesAnswer["entries"]>();
    let hash = "";
    // A node without the ledger in which the first one is applied: it knows neither the transaction
    // nor what has become of the channel.
    const amnesiac: SorobanRpc = {
      ...world.rpc,
      getTransaction: (asked) => world.rpc.getTransaction(asked === hash ? "0".repeat(64) : asked),
      async getLedgerEntries(keys) {
        const answer = await world.rpc.getLedgerEntries(keys);
        const key = String(keys);
        if (!isAccountKey(key)) return answer;
        const entries = accounts.get(key) ?? answer.entries;
        accounts.set(key, entries);
        return { ...answer, entries };
      },
    };
    const sent = await world.walk(await world.lease(intent), "sent", { rpc: amnesiac });
    ({ hash } = firstBytes(openAttempt(sent.leased)));
    const dead = await world.walk(sent, "dead", { rpc: amnesiac });
    const rebuilt = await world.walk(dead, "sent", { rpc: amnesiac });
    expect(openAttempt(rebuilt.leased)).toMatchObject({
      sequence: openAttempt(sent.leased).sequence,
      replacedHashes: [hash],
    });
    expect(await world.finish(rebuilt)).toMatchObject({
      kind: "resolved",
      resolutions: [{ state: "confirmed", txHash: hash }],
    });
    expect(newestBytes(openAttempt(rebuilt.leased)).hash).not.toBe(hash);
    expect(world.balance).toBe(FUNDS - 10n);
  });
});
