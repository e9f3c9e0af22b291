import type {
  IntentRecord,
  Outcome,
  SubmissionJournal,
} from "@orrery/soroban/journal/submission-journal";
import { beforeEach, describe, expect, it } from "vitest";
import { uuidv7 } from "../../contracts/id.ts";
import { CHARGED, REFUSED, settleIntent } from "../../testing/settle-intent.ts";
import type { RegisteredApiRepository } from "../registered-api/registered-api-repository.ts";
import type { VaultRepository } from "../vault/vault-repository.ts";
import type { NewUsageEvent } from "./usage-event.ts";
import type { UsageEventRepository } from "./usage-event-repository.ts";

export interface UsageEventFixture {
  events: UsageEventRepository;
  vaults: VaultRepository;
  apis: RegisteredApiRepository;
  /** Its resolution hook settles the events. */
  journal: SubmissionJournal;
}

export const NOW = new Date("2026-03-01T12:00:00.000Z");
export const LATER = new Date("2026-03-01T12:00:05.000Z");

export function newEvent(changes: Partial<NewUsageEvent> = {}): NewUsageEvent {
  return {
    id: uuidv7(NOW.getTime()),
    requestId: "req-1",
    userId: "ada",
    apiId: "weather",
    endpointId: "forecast",
    apiKeyId: "key-1",
    amountStroops: 15_000_000n,
    fingerprint: new Uint8Array(32).fill(7),
    createdAt: NOW,
    ...changes,
  };
}

/** As every instance derives it: of tenant and requestId alone. */
export function markerOf(tenantId: string, { requestId }: NewUsageEvent): string {
  return `${tenantId}/${requestId}`;
}

/** What every adapter of the port must do. */
export function describeUsageEventRepository(
  adapter: string,
  make: () => Promise<UsageEventFixture>,
): void {
  describe(`UsageEventRepository (${adapter})`, () => {
    let fixture: UsageEventFixture;
    const accept = (event: NewUsageEvent, tenantId = "acme") =>
      fixture.events.accept(tenantId, event, markerOf(tenantId, event));
    const settle = (event: NewUsageEvent, outcome: Outcome) =>
      settleIntent(fixture.journal, event.id, outcome, LATER.getTime());
    const rearm = async () => (await fixture.events.rearm("acme", "req-1", LATER)).outcome;
    const intentOf = async (event: NewUsageEvent): Promise<IntentRecord | undefined> =>
      fixture.journal.findIntent("acme", event.id);

    beforeEach(async () => {
      fixture = await make();
      for (const tenantId of ["acme", "globex"]) {
        await fixture.vaults.put(tenantId, { userId: "ada", contractId: `C-${tenantId}` }, NOW);
        await fixture.apis.put(
          tenantId,
          { apiId: "weather", name: "Weather", payoutAddress: `G-${tenantId}` },
          NOW,
        );
      }
    });

    it("stores a new request as pending with its frozen intent", async () => {
      const event = newEvent();
      const acceptance = await accept(event);
      expect(acceptance).toMatchObject({ outcome: "accepted", event: { status: "pending" } });
      expect(await fixture.events.find("acme", "req-1")).toMatchObject({
        id: event.id,
        amountStroops: 15_000_000n,
        status: "pending",
      });
      await fixture.vaults.put("acme", { userId: "ada", contractId: "C-other" }, LATER);
      expect(await intentOf(event)).toMatchObject({
        state: "received",
        intent: {
          kind: "deduct",
          subjectId: "req-1",
          vaultContractId: "C-acme",
          payee: "G-acme",
          amountStroops: 15_000_000n,
          marker: "acme/req-1",
          createdAtMs: NOW.getTime(),
        },
      });
    });

    it("accepts one of twenty that race and gives the others its row", async () => {
      const rivals = Array.from({ length: 20 }, () => newEvent({ id: uuidv7(NOW.getTime()) }));
      const acceptances = await Promise.all(rivals.map((event) => accept(event)));
      const accepted = acceptances.filter(({ outcome }) => outcome === "accepted");
      expect(accepted).toHaveLength(1);
      const ids = new Set(acceptances.map((a) => ("event" in a ? a.event.id : a.outcome)));
      expect(ids.size).toBe(1);
      const intents = await Promise.all(rivals.map((event) => intentOf(event)));
      expect(intents.filter((intent) => intent !== undefined)).toHaveLength(1);
    });

    it("keeps equal requestIds of two tenants apart", async () => {
      await accept(newEvent());
      expect(await accept(newEvent(), "globex")).toMatchObject({ outcome: "accepted" });
      expect(await fixture.events.find("initech", "req-1")).toBeUndefined();
    });

    it("stores nothing without a vault or an API", async () => {
      expect(await accept(newEvent({ userId: "bob" }))).toEqual({ outcome: "vault_not_found" });
      expect(await accept(newEvent({ apiId: "maps" }))).toEqual({ outcome: "api_not_found" });
      expect(await fixture.events.find("acme", "req-1")).toBeUndefined();
    });

    it("knows a duplicate by its requestId even when it names no known vault", async () => {
      await accept(newEvent());
      expect(await accept(newEvent({ userId: "bob" }))).toMatchObject({
        outcome: "duplicate",
        event: { userId: "ada" },
      });
    });

    it("settles the event with the hash and ledger of its charge", async () => {
      const event = newEvent();
      await accept(event);
      await settle(event, CHARGED);
      const settled = {
        status: "confirmed",
        txHash: "ab".repeat(32),
        ledger: 12,
        settledAt: LATER,
      };
      expect(await fixture.events.find("acme", "req-1")).toMatchObject(settled);
    });

    it("leaves an event pending when nobody can tell whether it was charged", async () => {
      const event = newEvent();
      await accept(event);
      const undecided = { state: "unknown", failure: { reason: "undecided" } } as const;
      await settle(event, undecided);
      expect(await fixture.events.find("acme", "req-1")).toMatchObject({ status: "pending" });
      expect(await rearm()).toBe("not_failed");
    });

    it("tells the story of a request to its own tenant alone", async () => {
      const event = newEvent();
      await accept(event);
      await settle(event, REFUSED);
      const found = await fixture.events.findWithHistory("acme", "req-1");
      expect(found).toMatchObject({
        event: { id: event.id },
        history: { state: "refused", attempts: [{ state: "refused" }] },
      });
      expect(await fixture.events.findWithHistory("globex", "req-1")).toBeUndefined();
    });

    it("re-arms a failed event once, and its intent with it", async () => {
      const event = newEvent();
      await accept(event);
      expect(await rearm()).toBe("not_failed");
      await settle(event, REFUSED);
      expect(await fixture.events.find("acme", "req-1")).toMatchObject({
        status: "failed",
        failure: { reason: "insufficient_balance", contractError: 5 },
      });
      const rearmed = await Promise.all(Array.from({ length: 5 }, rearm));
      expect(rearmed.filter((outcome) => outcome === "rearmed")).toHaveLength(1);
      const pending = await fixture.events.find("acme", "req-1");
      expect(pending).toMatchObject({ status: "pending" });
      expect(pending).not.toHaveProperty("failure");
      expect(await intentOf(event)).toMatchObject({ state: "received" });
    });

    it("lists the settled ones among many keys of several tenants", async () => {
      const event = newEvent();
      await accept(event);
      await accept(newEvent({ requestId: "req-2" }));
      await accept(newEvent(), "globex");
      await settle(event, CHARGED);
      const settled = await fixture.events.listSettled([
        { tenantId: "acme", requestId: "req-1" },
        { tenantId: "acme", requestId: "req-2" },
        { tenantId: "globex", requestId: "req-1" },
      ]);
      expect(settled.map(({ tenantId, event: { id } }) => [tenantId, id])).toEqual([
        ["acme", event.id],
      ]);
    });

    it("sums what is pending of one user", async () => {
      expect(await fixture.events.sumPending("acme", "ada")).toBe(0n);
      await accept(newEvent());
      await accept(newEvent({ requestId: "req-2", amountStroops: 2n ** 63n - 1n }));
      expect(await fixture.events.sumPending("acme", "ada")).toBe(15_000_000n + 2n ** 63n - 1n);
    });
  });
}
