import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { friendbotAccountId } from "../src/friendbot.ts";
import { developerBalances } from "../src/vault/vault-admin.ts";
import { asSuccess, NETWORK, SimWorld } from "./support/sim-world.ts";

let world: SimWorld;
beforeEach(async () => {
  world = await SimWorld.begin();
});
afterEach(() => world.end());

const FUNDED = 1_000_000n;

describe("conservation", () => {
  it("holds for any deductions: what leaves the vault is what developers have", async () => {
    const deduction = fc.record({
      amount: fc.bigInt({ min: 0n, max: 400_000n }),
      requestId: fc.constantFrom("a", "b", "c", "d"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(deduction, { minLength: 1, maxLength: 4 }), async (items) => {
        const charge = async () => world.apply(await world.batchDeduct(items));
        await charge().catch(() => "refused");
        const paid = [...developerBalances(world.sim.ledger).values()].reduce((a, b) => a + b, 0n);
        expect((await world.vaultBalance()) + paid).toBe(FUNDED);
      }),
      { numRuns: 25 },
    );
  });

  it("takes from accounts exactly the fees that results name", async () => {
    const accounts = [world.channel, world.otherChannel, world.treasury, world.caller];
    const total = async () => {
      const ids = [...accounts.map((key) => key.publicKey()), friendbotAccountId(NETWORK)];
      const balances = await Promise.all(ids.map((id) => world.lumensOf(id)));
      return balances.reduce((a, b) => a + b, 0n);
    };
    const before = await total();
    const inner = await world.deduct({ amount: 5n });
    const answers = [
      await world.apply(world.bump(inner, 400n)),
      await world.apply(await world.batchDeduct([{ amount: 1n }, { amount: 2n }])),
    ];
    const fees = answers.map((answer) => asSuccess(answer).resultXdr.feeCharged);
    expect(await total()).toBe(before - fees.reduce((a, b) => a + b, 0n));
  });
});
