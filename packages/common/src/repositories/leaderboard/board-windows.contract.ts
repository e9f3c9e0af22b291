import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addBurn,
  addToken,
  type CatalogAdapters,
  type MakeAdapters,
  NOW_MS,
} from "../token/catalog-fixtures.contract.ts";
import { BOARD_TYPES, type BoardType, PERIODS, type Period } from "./leaderboard-repository.ts";

const DAY_MS = 86_400_000;
const WIDTHS = { "24h": DAY_MS, "7d": 7 * DAY_MS, "30d": 30 * DAY_MS, all: Infinity } as const;
const TOKENS = [
  { tenantId: "acme", address: "b", listed: true },
  { tenantId: "acme", address: "A", listed: true },
  { tenantId: "acme", address: "hidden", listed: false },
  { tenantId: "rival", address: "A", listed: true },
];

interface PlannedBurn {
  token: number;
  amount: number;
  burner: string;
  offsetMs: number;
}
type Step = { burns: PlannedBurn[] } | { passMs: number };

/** Ages at which a burn is just inside or just outside of a window, and any age between. */
const offsetMs = fc.oneof(
  fc.constantFrom(0, 1, -1, ...[1, 7, 30].flatMap((days) => [-days * DAY_MS, -days * DAY_MS - 1])),
  fc.integer({ min: -40 * DAY_MS, max: 3 * DAY_MS }),
);
const burn = fc.record({
  token: fc.nat(TOKENS.length - 1),
  amount: fc.integer({ min: 1, max: 5 }),
  burner: fc.constantFrom("ada", "bob", "eve"),
  offsetMs,
});
const passMs = fc.oneof(
  fc.constantFrom(1, DAY_MS, 6 * DAY_MS, 7 * DAY_MS, 23 * DAY_MS),
  fc.integer({ min: 0, max: 35 * DAY_MS }),
);
const history: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ burns: fc.array(burn, { minLength: 1, maxLength: 5 }) }),
    fc.record({ passMs }),
  ),
  { minLength: 1, maxLength: 6 },
);

interface HappenedBurn extends PlannedBurn {
  atMs: number;
}

/** The boards that burns make, counted from the whole history. */
function oracle(
  happened: readonly HappenedBurn[],
  nowMs: number,
  page: { tenantId: string | undefined; type: BoardType; period: Period },
) {
  const scores = TOKENS.map((token, index) => {
    const inside = happened.filter(
      ({ token: at, atMs }) => at === index && atMs <= nowMs && atMs >= nowMs - WIDTHS[page.period],
    );
    const score = {
      "most-burned": inside.reduce((sum, { amount }) => sum + amount, 0),
      "most-active": inside.length,
      "most-burners": new Set(inside.map(({ burner }) => burner)).size,
      newest: NOW_MS,
      "largest-supply":
        1_000_000 -
        happened.filter(({ token: at }) => at === index).reduce((sum, b) => sum + b.amount, 0),
    }[page.type];
    return { ...token, score };
  });
  return scores
    .filter(({ tenantId, listed, score }) => {
      return score > 0 && (page.tenantId === undefined ? listed : tenantId === page.tenantId);
    })
    .toSorted(
      (left, right) =>
        right.score - left.score ||
        Buffer.compare(Buffer.from(left.address), Buffer.from(right.address)) ||
        Buffer.compare(Buffer.from(left.tenantId), Buffer.from(right.tenantId)),
    )
    .map(({ address, score }) => [address, BigInt(score)]);
}

async function expectBoards(adapters: CatalogAdapters, happened: readonly HappenedBurn[]) {
  for (const tenantId of [undefined, "acme"]) {
    for (const type of BOARD_TYPES) {
      for (const period of PERIODS) {
        const page = { type, period, offset: 0, limit: 10, scope: { tenantId } };
        const board = await adapters.boards.readBoard(page);
        const rows = board.rows.map(({ token, metric }) => [token.address, metric]);
        const expected = oracle(happened, adapters.time.nowMs, { tenantId, type, period });
        expect(rows, `${tenantId ?? "platform"} ${type} ${period}`).toEqual(expected);
        expect(board.total).toBe(expected.length);
      }
    }
  }
}

async function live(adapters: CatalogAdapters, steps: readonly Step[]) {
  for (const { tenantId, ...fields } of TOKENS) {
    await addToken(adapters, tenantId, { ...fields, totalSupply: 1_000_000n });
  }
  const happened: HappenedBurn[] = [];
  for (const step of steps) {
    if ("passMs" in step) {
      adapters.time.nowMs += step.passMs;
      continue;
    }
    const burns = step.burns.map((planned) => ({
      ...planned,
      atMs: adapters.time.nowMs + planned.offsetMs,
    }));
    await Promise.all(
      burns.map(({ token, amount, burner, atMs }) => {
        const { tenantId = "", address = "" } = TOKENS[token] ?? {};
        const fields = { amount: BigInt(amount), burnedBy: burner, burnedAt: new Date(atMs) };
        return addBurn(adapters, tenantId, { tokenAddress: address, ...fields });
      }),
    );
    happened.push(...burns);
    // Every other step is only seen later, together with what follows it.
    if (happened.length % 2 === 0) await expectBoards(adapters, happened);
  }
  await expectBoards(adapters, happened);
}

export function describeBoardWindows(name: string, makeAdapters: MakeAdapters): void {
  describe(`the windows of boards in ${name}`, () => {
    it("agree with a count of the whole history, whatever happened and whenever it is read", async () => {
      await fc.assert(
        fc.asyncProperty(history, async (steps) => live(await makeAdapters(), steps)),
        { numRuns: 25 },
      );
    }, 60_000);
  });
}
