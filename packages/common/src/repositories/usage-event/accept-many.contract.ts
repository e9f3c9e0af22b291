import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { beforeEach, describe, expect, it } from "vitest";
import { uuidv7 } from "../../contracts/id.ts";
import type { NewUsageEvent } from "./usage-event.ts";
import {
  LATER,
  markerOf,
  NOW,
  newEvent,
  type UsageEventFixture,
} from "./usage-event-repository.contract.ts";
import type { UsageEventRepository } from "./usage-event-repository.ts";

const TENANTS = ["acme", "globex", "initech"];

/** What every adapter must do with many requests at once. */
export function describeAcceptMany(adapter: string, make: () => Promise<UsageEventFixture>): void {
  describe(`accepting many at once (${adapter})`, () => {
    let events: UsageEventRepository;
    let journal: SubmissionJournal;
    const accept = (tenantId: string, event: NewUsageEvent) =>
      events.accept(tenantId, event, markerOf(tenantId, event));
    const request = (index: number, changes: Partial<NewUsageEvent> = {}) =>
      newEvent({ id: uuidv7(NOW.getTime()), requestId: `req-${index}`, ...changes });

    beforeEach(async () => {
      const fixture = await make();
      ({ events, journal } = fixture);
      for (const tenantId of TENANTS) {
        await fixture.vaults.put(tenantId, { userId: "ada", contractId: `C-${tenantId}` }, NOW);
        const api = { apiId: "weather", name: "Weather", payoutAddress: `G-${tenantId}` };
        await fixture.apis.put(tenantId, api, NOW);
      }
    });

    it("accepts each request of three tenants once, and tells every duplicate its tenant's own row", async () => {
      // 100 calls: of each tenant 20 requests, about two thirds of them twice.
      const calls = Array.from({ length: 100 }, (_, index) => ({
        tenantId: TENANTS[index % 3] ?? "",
        event: request(Math.floor(index / 3) % 20, { amountStroops: BigInt(1 + (index % 3)) }),
      }));
      const answers = await Promise.all(
        calls.map(async ({ tenantId, event }) => ({
          tenantId,
          event,
          acceptance: await accept(tenantId, event),
        })),
      );
      const accepted = answers.filter(({ acceptance }) => acceptance.outcome === "accepted");
      expect(accepted).toHaveLength(60);
      for (const { tenantId, event, acceptance } of answers) {
        if (!("event" in acceptance)) throw new Error(acceptance.outcome);
        const stored = await events.find(tenantId, event.requestId);
        expect(acceptance.event).toMatchObject({
          id: stored?.id,
          requestId: event.requestId,
          amountStroops: stored?.amountStroops,
        });
        expect(stored?.amountStroops).toBe(BigInt(1 + TENANTS.indexOf(tenantId)));
        const history = await journal.findIntent(tenantId, stored?.id ?? "");
        expect(history?.intent).toMatchObject({
          vaultContractId: `C-${tenantId}`,
          payee: `G-${tenantId}`,
          marker: `${tenantId}/${event.requestId}`,
        });
      }
    });

    it("accepts the first of twins that are asked for together", async () => {
      const [first, second] = [request(1), request(1)];
      const [a, b] = await Promise.all([accept("acme", first), accept("acme", second)]);
      expect(a).toMatchObject({ outcome: "accepted", event: { id: first.id } });
      expect(b).toMatchObject({ outcome: "duplicate", event: { id: first.id } });
    });

    it("accepts a twin whose twin could not be stored", async () => {
      const [bad, good] = [request(1, { userId: "bob" }), request(1)];
      const [a, b] = await Promise.all([accept("acme", bad), accept("acme", good)]);
      expect(a).toEqual({ outcome: "vault_not_found" });
      expect(b).toMatchObject({ outcome: "accepted", event: { id: good.id } });
    });

    it("lets no request without a vault or an API stop its neighbours", async () => {
      const acceptances = await Promise.all([
        accept("acme", request(1)),
        accept("acme", request(2, { userId: "bob" })),
        accept("acme", request(3, { apiId: "maps" })),
        accept("umbrella", request(4)),
        accept("globex", request(5)),
      ]);
      expect(acceptances.map(({ outcome }) => outcome)).toEqual([
        "accepted",
        "vault_not_found",
        "api_not_found",
        "vault_not_found",
        "accepted",
      ]);
    });

    it("counts what is pending of each tenant, in all and before two times", async () => {
      await Promise.all([
        accept("acme", request(1)),
        accept("acme", request(2, { createdAt: LATER })),
        accept("globex", request(1)),
      ]);
      const counts = await events.countPending([NOW, LATER]);
      expect(counts.toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : 1))).toEqual([
        { tenantId: "acme", pending: 2, before: [0, 1] },
        { tenantId: "globex", pending: 1, before: [0, 1] },
      ]);
    });
  });
}
