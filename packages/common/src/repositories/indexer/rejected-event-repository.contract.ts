import { beforeEach, describe, expect, it } from "vitest";
import type { RejectedEvent, RejectedEventRepository } from "./rejected-event-repository.ts";

const EVENT: RejectedEvent = {
  tenantId: "acme",
  eventId: "e1",
  source: "indexer",
  event: { type: "burn.created", payload: { amount: "1" } },
  code: "token_not_found",
  detail: "There is no such token.",
};

export interface RejectedWorld {
  readonly events: RejectedEventRepository;
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
  });
}
