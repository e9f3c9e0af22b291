import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import type { UsageEvent } from "../usage-event/usage-event.ts";

interface ChargeSources {
  readonly events: { values(tenantId: string): readonly UsageEvent[] };
  readonly journal: Pick<SubmissionJournal, "findIntent">;
}

/** What is still to be charged against a vault outside of settlements, and what was charged lately. */
interface SingleCharges {
  readonly pending: bigint;
  /** Of it what may be on chain already. */
  readonly underWay: bigint;
  /** Charged in ledgers after that of the reading, up to and with this one. */
  readonly charged: (toLedger: number) => bigint;
}

/** The charges of one vault that are not a settlement's; `fromLedger`: that of its last reading. */
export async function singleCharges(
  { events, journal }: ChargeSources,
  vault: { tenantId: string; vaultContractId: string; fromLedger: number },
): Promise<SingleCharges> {
  const { tenantId, vaultContractId, fromLedger } = vault;
  let pending = 0n;
  let underWay = 0n;
  const charged: { ledger: number; amountStroops: bigint }[] = [];
  for (const event of events.values(tenantId)) {
    const isLate = event.status === "confirmed" && (event.ledger ?? 0) > fromLedger;
    if (event.settlementId !== undefined || (event.status !== "pending" && !isLate)) continue;
    const record = await journal.findIntent(tenantId, event.id);
    if (record?.intent.vaultContractId !== vaultContractId) continue;
    const { amountStroops } = event;
    if (isLate) charged.push({ ledger: event.ledger ?? 0, amountStroops });
    else pending += amountStroops;
    if (!isLate && record.state !== "received") underWay += amountStroops;
  }
  return {
    pending,
    underWay,
    charged: (toLedger) => sumOf(charged.filter(({ ledger }) => ledger <= toLedger)),
  };
}

export function sumOf(rows: readonly { amountStroops: bigint }[]): bigint {
  return rows.reduce((sum, { amountStroops }) => sum + amountStroops, 0n);
}
