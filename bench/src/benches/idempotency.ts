import type { Audience } from "@orrery/common/contracts/request-context";
import { CONTEXT_HEADER } from "@orrery/common/http/signed-context";
import { startBenchCatalog } from "../catalog-runs/catalog.ts";
import { type Bench, type BenchContext, type Fact, type Outcome, sized } from "../harness/bench.ts";
import { playRounds } from "../harness/rounds.ts";
import { bodyOf, CALLED, type Calls, type LoadPlan, perSecond } from "../load/load-plan.ts";
import { sendLoad } from "../load/send-load.ts";
import { openPostgresDoor, type PostgresDoor } from "../round-trips/postgres-door.ts";
import { quantile } from "../statistics/statistics.ts";
import { startAcceptingBilling } from "../world/accepting-billing.ts";
import { startBenchBilling } from "../world/billing.ts";
import { type BillingAddress, contextHeader, putApi, putVaults } from "../world/billing-call.ts";
import { checkpoint, startBenchPostgres } from "../world/postgres.ts";

const CONNECTIONS = 32;
const USERS = 100;
/** Sent one after the other, so that no two share a statement. */
const COUNTED = 20;

export const idempotency: Bench = {
  name: "idempotency",
  about: "POSTs with an Idempotency-Key of their own, against the same without; round trips added",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const seconds = sized(context, 10, 2);
  const postgres = await startBenchPostgres(context);
  const databaseUrl = await postgres.createDatabase("orrery");
  const catalog = await startBenchCatalog(context, databaseUrl);
  const { billing } = await startAcceptingBilling(context, databaseUrl, USERS);
  let generator = "";
  const play =
    (calls: Calls, address: BillingAddress, hasKeys: boolean) => async (round: number) => {
      const plan: LoadPlan = {
        url: address.url,
        contextKeys: address.contextKeys,
        connections: CONNECTIONS,
        ends: { afterMs: seconds * 1_000 },
        idPrefix: `${calls}-${hasKeys ? "with" : "without"}-${round}`,
        users: USERS,
        calls,
        hasKeys,
      };
      const result = await sendLoad(plan);
      generator = result.generator;
      return perSecond(result);
    };
  const [tokens = [], plainTokens = [], deductions = [], plainDeductions = []] = await playRounds(
    context,
    [
      { name: "tokens with keys, /s", play: play("tokens", catalog, true) },
      { name: "tokens without, /s", play: play("tokens", catalog, false) },
      { name: "deductions with keys, /s", play: play("deductions", billing, true) },
      { name: "deductions without, /s", play: play("deductions", billing, false) },
    ],
    () => checkpoint(databaseUrl),
  );
  const rival = (runs: readonly number[]) => ({ name: "without a key", runs });
  return {
    figures: [
      {
        id: "joined",
        label: "tokens created",
        unit: "/s",
        runs: tokens,
        rival: rival(plainTokens),
      },
      {
        id: "detected",
        label: "deductions accepted",
        unit: "/s",
        runs: deductions,
        rival: rival(plainDeductions),
      },
    ],
    facts: await countRoundTrips(context, await postgres.createDatabase("counted")),
    notes: { generator, connections: CONNECTIONS, seconds },
  };
}

/** What a key adds to one request of each kind, on a system that does nothing else. */
async function countRoundTrips(context: BenchContext, databaseUrl: string): Promise<Fact[]> {
  const catalogDoor = await openPostgresDoor(context, databaseUrl, "orrery-catalog");
  const catalog = await startBenchCatalog(context, catalogDoor.url);
  const billingDoor = await openPostgresDoor(context, databaseUrl, "orrery-billing");
  const billing = await startBenchBilling(context, billingDoor.url, undefined);
  await putApi(billing, "per_request");
  await putVaults(billing, 1);
  const plan = { idPrefix: "counted", users: 1 };
  const deduction = (n: number) => bodyOf(plan, n);
  const bulkPath = `${CALLED.deductions.path}/bulk`;
  return [
    await countAdded("joined, a token", 1, catalogDoor, (n, headers) =>
      post(catalog, CALLED.tokens, bodyOf({ ...plan, calls: "tokens" }, n), headers),
    ),
    await countAdded("detected, a deduction", 1, billingDoor, (n, headers) =>
      post(billing, CALLED.deductions, deduction(n), headers),
    ),
    await countAdded("in steps, a bulk of one deduction", 2, billingDoor, (n, headers) => {
      const called = { ...CALLED.deductions, path: bulkPath };
      return post(billing, called, `{"entries":[${deduction(COUNTED * 4 + n)}]}`, headers);
    }),
  ];
}

type Headers = Readonly<Record<string, string>>;

async function post(
  { url, contextKeys }: BillingAddress,
  { path, audience }: { path: string; audience: Audience },
  body: string,
  headers: Headers,
): Promise<void> {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      prefer: "respond-async",
      [CONTEXT_HEADER]: contextHeader(contextKeys, audience),
      ...headers,
    },
    body,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${text}`);
}

/** Medians, since what runs in the background now and then has round trips of its own. */
async function countAdded(
  what: string,
  expected: number,
  door: PostgresDoor,
  send: (n: number, headers: Headers) => Promise<void>,
): Promise<Fact> {
  const counts: [without: number[], withKey: number[]] = [[], []];
  for (let n = 0; n < 2 * COUNTED; n += 1) {
    const hasKey = n % 2 === 1;
    door.takeRoundTrips();
    await send(n, hasKey ? { "idempotency-key": `${what} ${n}` } : {});
    counts[hasKey ? 1 : 0].push(door.takeRoundTrips());
  }
  const [without, withKey] = counts.map((each) => quantile(each, 0.5));
  const added = (withKey ?? 0) - (without ?? 0);
  return {
    what: `round trips that a key adds: ${what}`,
    isHeld: added === expected,
    detail: `${added}, of ${withKey} in all; ${expected} expected`,
  };
}
