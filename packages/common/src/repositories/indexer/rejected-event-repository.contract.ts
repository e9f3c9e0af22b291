import { beforeEach, describe, expect, it } from "vitest";
import { uuidv7 } from "../../contracts/id.ts";
import { announcementOf } from "../token/catalog-fixtures.contract.ts";
import type { TokenRepository } from "../token/token-repository.ts";
import {
  type RejectedEvent,
  type RejectedEventRepository,
  type ReleasingEvent,
  wantedPool,
  wantedToken,
} from "./rejected-event-repository.ts";

const EVENT: RejectedEvent = {
  tenantId: "acme",
  eventId: "e1",
  source: "indexer",
  event: { type: "burn.created", payload: { amount: "1" } },
  code: "token_not_found",
  detail: "There is no such token.",
};

const LEASE_MS = 60_000;
const GROUP = "rejected-retries";

function poolCreated(poolId: string, tenantId = "acme"): ReleasingEvent {
  const occurredAt = new Date("2026-05-01T00:00:00Z");
  return { id: uuidv7(), type: "pool.created", tenantId, occurredAt, payload: { poolId } };
}

export interface RejectedWorld {
  readonly events: RejectedEventRepository;
  readonly tokens: TokenRepository;
  pass(ms: number): void;
}

export function describeRejectedEventRepository(
  name: string,
  makeWorld: () => Promise<RejectedWorld>,
): void {
  describe(`rejected events in ${name}`, () => {
    let events: RejectedEventRepository;
    let world: RejectedWorld;
    beforeEach(async () => {
      world = await makeWorld();
      events = world.events;
    });

    it("are kept as they arrived, and count how often they were refused", async () => {
      await events.keep(EVENT);
      world.pass(1_000);
      await events.keep({ ...EVENT, code: "burn_mismatch", detail: "Other fields." });
      const kept = await events.find("acme", "e1");
      expect(kept).toMatchObject({ event: EVENT.event, code: "burn_mismatch", rejections: 2 });
      expect(await events.find("rival", "e1")).toBeUndefined();
    });

    it("are kept whatever a contract put into them", async () => {
      const payload = { decimals: 7n, bytes: new Uint8Array([0, 1]), name: "a\0", "k\0": "\ud800" };
      await events.keep({ ...EVENT, event: { payload }, detail: "No a\0." });
      expect(await events.find("acme", "e1")).toMatchObject({
        event: {
          payload: { decimals: "7", bytes: "0001", name: "a\u001a", "k\u001a": "\u001a" },
        },
        detail: "No a\u001a.",
      });
    });

    it("are listed longest ago first, and one tenant's id is not another's", async () => {
      await events.keep({ ...EVENT, eventId: "e2" });
      world.pass(1_000);
      await events.keep(EVENT);
      await events.keep({ ...EVENT, tenantId: "rival", eventId: "e3" });
      const ids = async (limit: number) => (await events.list(limit)).map(({ eventId }) => eventId);
      expect(await ids(10)).toEqual(["e2", "e1", "e3"]);
      expect(await ids(1)).toEqual(["e2"]);
      expect(await events.drop("rival", "e1")).toBe(false);
      expect(await events.drop("acme", "e1")).toBe(true);
      expect(await ids(10)).toEqual(["e2", "e3"]);
    });

    it("are forgotten when they are old", async () => {
      await events.keep(EVENT);
      world.pass(1_000);
      await events.keep({ ...EVENT, eventId: "e2" });
      world.pass(500);
      expect(await events.prune(1_000)).toBe(1);
      expect((await events.list(10)).map(({ eventId }) => eventId)).toEqual(["e2"]);
    });

    const taken = async (limit = 10) =>
      (await events.take(limit, LEASE_MS)).map(({ eventId }) => eventId);

    it("are tried once more when they want something, by one caller at a time", async () => {
      await events.keep(EVENT);
      await events.keep({ ...EVENT, eventId: "e2", wants: wantedPool("final") });
      const [given] = await events.take(10, LEASE_MS);
      expect(given).toMatchObject({ eventId: "e2", wants: wantedPool("final"), rejections: 1 });
      expect(await taken()).toEqual([]);
      world.pass(LEASE_MS);
      expect(await taken()).toEqual(["e2"]);
      await events.keep({ ...EVENT, eventId: "e2", wants: wantedPool("final") });
      world.pass(LEASE_MS);
      expect(await taken()).toEqual([]);
      expect(await events.find("acme", "e2")).toMatchObject({ rejections: 2 });
    });

    /** As the retries do: taken once, and refused again. */
    async function keepWaiting(fields: Partial<RejectedEvent>): Promise<void> {
      await events.keep({ ...EVENT, ...fields });
      await taken();
      await events.keep({ ...EVENT, ...fields });
    }

    it("are released by what they want, of their own tenant, and by nothing else", async () => {
      await keepWaiting({ eventId: "e2", wants: wantedPool("final") });
      await keepWaiting({ eventId: "e3", wants: wantedPool("semi") });
      await keepWaiting({ tenantId: "rival", eventId: "e4", wants: wantedPool("final") });
      expect(await taken()).toEqual([]);
      expect(await events.release(GROUP, poolCreated("final"))).toBe(true);
      expect(await taken()).toEqual(["e2"]);
    });

    it("are released by the token whose address they want", async () => {
      await keepWaiting({ eventId: "e2", wants: wantedToken("A") });
      await keepWaiting({ eventId: "e3", wants: wantedToken("B") });
      const payload = { tokenId: uuidv7() };
      const announcement = announcementOf({ type: "token.created", payload }, "acme");
      const event = announcement.event as ReleasingEvent;
      const token = { address: "A", name: "Nova", symbol: "NOV", decimals: 7, totalSupply: 1n };
      const rest = { metadataUri: undefined, listed: true, createdAt: new Date() };
      await world.tokens.create("acme", { id: payload.tokenId, ...token, ...rest }, announcement);
      expect(await events.release(GROUP, { ...event, tenantId: "rival" })).toBe(true);
      expect(await taken()).toEqual([]);
      expect(await events.release(GROUP, event)).toBe(true);
      expect(await taken()).toEqual(["e2"]);
    });

    it("are released once by an event, however often and by how many it is given", async () => {
      await keepWaiting({ eventId: "e2", wants: wantedPool("final") });
      const event = poolCreated("final");
      const released = await Promise.all([1, 2, 3].map(() => events.release(GROUP, event)));
      expect(released.filter((isFirst) => isFirst)).toHaveLength(1);
      await taken();
      await events.keep({ ...EVENT, eventId: "e2", wants: wantedPool("final") });
      expect(await events.release(GROUP, event)).toBe(false);
      expect(await taken()).toEqual([]);
      expect(await events.release(GROUP, poolCreated("final"))).toBe(true);
      expect(await taken()).toEqual(["e2"]);
    });

    it("stay released when what they want comes while they are refused", async () => {
      await events.keep({ ...EVENT, wants: wantedPool("final") });
      await taken();
      await events.release(GROUP, poolCreated("final"));
      await events.keep({ ...EVENT, wants: wantedPool("final") });
      expect(await taken()).toEqual(["e1"]);
    });

    it("are not taken any more when nothing is wanted but another event", async () => {
      await events.keep({ ...EVENT, wants: wantedPool("final") });
      await events.keep({ ...EVENT, code: "burn_exceeds_supply" });
      expect(await taken()).toEqual([]);
    });
  });
}
