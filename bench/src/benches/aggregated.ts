import { waitUntil } from "@orrery/devstack/process/wait-until";
import {
  type Bench,
  type BenchContext,
  BenchUnavailable,
  type Fact,
  type Outcome,
  sized,
} from "../harness/bench.ts";
import { AMOUNT_STROOPS, type LoadResult, perSecond } from "../load/load-plan.ts";
import { sendLoad } from "../load/send-load.ts";
import { vaultContractId } from "../world/accounts.ts";
import { startBenchBilling } from "../world/billing.ts";
import { putApi, putVaults } from "../world/billing-call.ts";
import { type BenchLedger, startBenchLedger } from "../world/ledger.ts";
import { growthOf, MemorySamples } from "../world/memory-samples.ts";
import { runSql, startBenchPostgres } from "../world/postgres.ts";

const EVENTS_PER_SECOND = 10_000;
const VAULTS = 100;
const CONNECTIONS = 64;
const LEDGER_CLOSE_MS = 5_000;
const SETTLE_EVERY_S = 10;
const FUNDS_STROOPS = 100_000_000_000_000n;
const SETTLED_TIMEOUT_MS = 300_000;
const SAMPLE_EVERY_MS = 500;
/** Short enough for one signed context, so that wrk can send it. */
const BLOCK_S = 20;
const QUICK_BLOCK_S = 3;

export const aggregated: Bench = {
  name: "aggregated",
  about:
    "10,000 usage events/s over 100 vaults with real ledgers, each in one confirmed settlement",
  run,
};

/** The blocks of one run are its rounds: it is the length of all that counts here. */
async function run(context: BenchContext): Promise<Outcome> {
  const blocks = sized(context, 30, 3);
  const blockSeconds = sized(context, BLOCK_S, QUICK_BLOCK_S);
  const postgres = await startBenchPostgres(context);
  const databaseUrl = await postgres.createDatabase("billing");
  const ledger = await startBenchLedger(context, LEDGER_CLOSE_MS);
  await ledger.fund(VAULTS, FUNDS_STROOPS);
  const billing = await startBenchBilling(context, databaseUrl, ledger);
  if (!(await putApi(billing, "aggregated", SETTLE_EVERY_S))) {
    throw new BenchUnavailable("this build of billing does not take settlement: aggregated");
  }
  await putVaults(billing, VAULTS);
  const memory = new MemorySamples(billing.child.pid, SAMPLE_EVERY_MS);
  context.cleanup.defer(() => void memory.stop());
  const results: LoadResult[] = [];
  for (let block = 1; block <= blocks; block += 1) {
    const result = await sendLoad({
      url: billing.url,
      contextKeys: billing.contextKeys,
      connections: CONNECTIONS,
      ends: { afterRequests: EVENTS_PER_SECOND * blockSeconds },
      ratePerSecond: EVENTS_PER_SECOND,
      idPrefix: `block-${block}`,
      users: VAULTS,
    });
    results.push(result);
    context.say(`block ${block}/${blocks}  ${Math.round(perSecond(result))} events/s`);
  }
  const samplesMib = memory.stop();
  const accepted = results.reduce((sum, { answered }) => sum + answered, 0);
  context.say(`accepted ${accepted}; waiting for the last settlements`);
  await waitUntilSettled(databaseUrl);
  return {
    figures: [
      { id: "accepted", label: "events accepted", unit: "/s", runs: results.map(perSecond) },
      { id: "memory", label: "memory, end over start", unit: "×", runs: [growthOf(samplesMib)] },
    ],
    facts: await factsOf(databaseUrl, ledger, accepted),
    notes: {
      minutes: (blocks * blockSeconds) / 60,
      vaults: VAULTS,
      mostMib: Math.max(...samplesMib),
    },
  };
}

async function waitUntilSettled(databaseUrl: string): Promise<void> {
  const isSettled = async () => {
    const [row] = await runSql<{ left: string }>(
      databaseUrl,
      "select count(*) as left from usage_events where status <> 'confirmed'",
    );
    return row?.left === "0";
  };
  const timeoutMs = SETTLED_TIMEOUT_MS;
  await waitUntil("every event is confirmed", isSettled, { timeoutMs, intervalMs: 1_000 });
}

const AGREEMENT = `
  with sums as (
    select tenant_id, settlement_id, count(*) as events,
      (sum(amount_usdc) * 10000000)::bigint as stroops
    from usage_events where settlement_id is not null group by tenant_id, settlement_id
  )
  select
    (select count(*) from usage_events) as events,
    (select count(*) from usage_events where settlement_id is null) as loose,
    count(*) as settlements,
    count(*) filter (where state <> 'confirmed' or tx_hash is null) as unconfirmed,
    count(*) filter (
      where sums.events is distinct from event_count or stroops is distinct from amount_stroops
    ) as differing
  from settlements
  full join sums on sums.tenant_id = settlements.tenant_id and sums.settlement_id = settlements.id
`;

type Agreement = Record<"events" | "loose" | "settlements" | "unconfirmed" | "differing", string>;

async function factsOf(
  databaseUrl: string,
  ledger: BenchLedger,
  accepted: number,
): Promise<Fact[]> {
  const [agreement] = await runSql<Agreement>(databaseUrl, AGREEMENT);
  if (agreement === undefined) throw new Error("the database gave no counts");
  const { events, loose, settlements, unconfirmed, differing } = agreement;
  const charged = await chargedOnChain(ledger);
  return [
    {
      what: "every accepted event is stored, once",
      isHeld: events === String(accepted),
      detail: `${accepted} accepted, ${events} stored`,
    },
    {
      what: "every event is in exactly one confirmed settlement",
      isHeld: loose === "0" && unconfirmed === "0" && differing === "0",
      detail: `${settlements} settlements; ${loose} events in none, ${unconfirmed} settlements not confirmed, ${differing} with another sum`,
    },
    {
      what: "the chain charged what was accepted",
      isHeld: charged === AMOUNT_STROOPS * BigInt(accepted),
      detail: `${charged} of ${AMOUNT_STROOPS * BigInt(accepted)} stroops`,
    },
  ];
}

async function chargedOnChain(ledger: BenchLedger): Promise<bigint> {
  const { vaults } = await ledger.call<{ vaults: Record<string, { balance: string }> }>(
    "sim_state",
  );
  return Array.from({ length: VAULTS }, (_, user) => vaults[vaultContractId(user)]).reduce(
    (sum, vault) => sum + FUNDS_STROOPS - BigInt(vault?.balance ?? FUNDS_STROOPS),
    0n,
  );
}
