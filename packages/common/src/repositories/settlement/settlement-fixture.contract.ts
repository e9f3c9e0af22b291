import type { Outcome, SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { uuidv7 } from "../../contracts/id.ts";
import type { RegisteredApiRepository } from "../registered-api/registered-api-repository.ts";
import type { NewUsageEvent } from "../usage-event/usage-event.ts";
import type { UsageEventRepository } from "../usage-event/usage-event-repository.ts";
import type { VaultRepository } from "../vault/vault-repository.ts";
import type { SettlementTerms } from "./settlement.ts";
import type { SettlementRepository } from "./settlement-repository.ts";

/** The time that adapters under test live at. */
export interface TestTime {
  nowMs: number;
}

export interface SettlementFixture {
  settlements: SettlementRepository;
  events: UsageEventRepository;
  vaults: VaultRepository;
  apis: RegisteredApiRepository;
  /** Its resolution hook settles events and settlements. */
  journal: SubmissionJournal;
}

export const START = new Date("2026-03-01T12:00:00.000Z");
export const MINUTELY: SettlementTerms = { mode: "aggregated", everySeconds: 60 };
export const WEATHER = { apiId: "weather", name: "Weather", payoutAddress: "G1" };

let requests = 0;

export function newRequest(changes: Partial<NewUsageEvent> = {}): NewUsageEvent {
  requests += 1;
  return {
    id: uuidv7(START.getTime()),
    requestId: `req-${requests}`,
    userId: "ada",
    apiId: "weather",
    endpointId: "forecast",
    apiKeyId: "key-1",
    amountStroops: 10n,
    fingerprint: new Uint8Array(32).fill(7),
    createdAt: START,
    ...changes,
  };
}

/** As the network's confirmation in a ledger. */
export function charged(ledger: number): Outcome {
  const confirmation = { txHash: "ab".repeat(32), ledger, evidence: "transaction" } as const;
  return { state: "confirmed", confirmation };
}

/** The contract takes no charge so large. */
export const TOO_LARGE: Outcome = {
  state: "refused",
  failure: { reason: "contract_error", contractError: 7 },
};

export const settlementMarker = (tenantId: string, id: string) => `settlement/${tenantId}/${id}`;

/** Ada of a tenant, whose vault was read in ledger 1, calls an API that settles aggregated. */
export async function prepareAda(
  { settlements, vaults, apis }: SettlementFixture,
  options: { tenantId?: string; balanceStroops?: bigint; terms?: SettlementTerms } = {},
): Promise<void> {
  const { tenantId = "acme", balanceStroops = 100n, terms = MINUTELY } = options;
  await vaults.put(tenantId, { userId: "ada", contractId: `C-${tenantId}` }, START);
  await apis.put(tenantId, { ...WEATHER, settlement: terms }, START);
  await settlements.storeBalance(tenantId, `C-${tenantId}`, { balanceStroops, ledger: 1 });
}
