import { describe, expect, it } from "vitest";
import { DEFAULT_FEE_POLICY } from "../src/pacing/fee-policy.ts";
import type { SorobanRpc } from "../src/rpc/soroban-rpc.ts";
import { dyingAt } from "./support/dying-journal.ts";
import {
  EngineWorld,
  FUNDS,
  isCharge,
  isFeeBump,
  sendError,
  type WorldOptions,
} from "./support/engine-world.ts";

let world: EngineWorld;

async function begin(options: WorldOptions) {
  const settings = { feePolicy: DEFAULT_FEE_POLICY, ...options.settings };
  world = await EngineWorld.begin({ ...options, settings });
}

/** A node that wants more than any charge bids by itself. */
const wantingMore = (inner: SorobanRpc): SorobanRpc => ({
  ...inner,
  async sendTransaction(envelope) {
    if (isCharge(envelope) && !isFeeBump(envelope)) return sendError("txInsufficientFee");
    return inner.sendTransaction(envelope);
  },
});

describe("a transaction whose fee is too low", () => {
  it("is bumped: the same transaction, a higher bid, paid by the treasury", async () => {
    await begin({ rpc: wantingMore });
    const record = await world.reached(await world.accept(await world.startEngine()), "confirmed");
    expect(record.attempts).toHaveLength(1);
    const [inner, outer] = record.attempts[0]?.hashes ?? [];
    expect(outer?.feeStroops).toBeGreaterThan(inner?.feeStroops ?? 0n);
    expect(record.resolution?.txHash).toBe(outer?.hash);
    expect(world.balance()).toBe(FUNDS - 1_000n);
    const next = await world.reached(await world.accept(await world.startEngine()), "confirmed");
    expect(next.state).toBe("confirmed");
  });

  it("is bumped when the network drops it, and lives", async () => {
    await begin({ settings: { validityLedgers: 12 } });
    const engine = await world.startEngine();
    await world.faults({ dropTransactions: 1 });
    const record = await world.reached(await world.accept(engine), "confirmed");
    expect(record.attempts.map(({ state }) => state)).toEqual(["confirmed"]);
    expect(record.attempts[0]?.hashes).toHaveLength(2);
    expect(world.balance()).toBe(FUNDS - 1_000n);
  });

  it("is charged once when its worker dies between storing the bump and sending it", async () => {
    await begin({ rpc: wantingMore, settings: { validityLedgers: 60 } });
    const { journal, isDead } = dyingAt(world.journal, "addHash", "after");
    const intent = await world.accept(await world.startEngine({ journal }));
    await world.until(isDead);
    await world.startEngine();
    const record = await world.reached(intent, "confirmed");
    expect(record.resolution?.txHash).toBe(record.attempts[0]?.hashes?.[1]?.hash);
    expect(await world.chargesOf(intent)).toBe(1);
  });

  it("dies within its bound when nothing helps, and every hash is asked for first", async () => {
    const asked = new Set<string>();
    let isDeaf = true;
    await begin({
      rpc: (inner) => ({
        ...inner,
        getTransaction: (hash) => {
          asked.add(hash);
          return inner.getTransaction(hash);
        },
        sendTransaction: async (envelope) =>
          isDeaf && (isCharge(envelope) || isFeeBump(envelope))
            ? sendError("txInsufficientFee")
            : inner.sendTransaction(envelope),
      }),
    });
    const intent = await world.accept(await world.startEngine());
    await world.until(async () => {
      const record = await world.journal.findIntent("acme", intent.intentId);
      return (record?.attempts.length ?? 0) > 1;
    });
    isDeaf = false;
    const record = await world.reached(intent, "confirmed");
    const [dead] = record.attempts;
    expect(dead?.state).toBe("dead");
    expect(dead?.hashes?.length).toBeGreaterThan(1);
    expect(dead?.hashes?.every(({ hash }) => asked.has(hash))).toBe(true);
    expect(await world.chargesOf(intent)).toBe(1);
  });
});
