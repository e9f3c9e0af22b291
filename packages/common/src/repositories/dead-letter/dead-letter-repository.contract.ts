import { beforeEach, describe, expect, it } from "vitest";
import type { DeadLetter, DeadLetterRepository } from "./dead-letter-repository.ts";

export interface DeadLetterWorld {
  readonly letters: DeadLetterRepository;
  pass(ms: number): void;
}

const ID = "0197f9a2-0000-7000-8000-00000000000";

function letterOf(last: number, tenantId = "acme"): DeadLetter {
  return {
    group: "rejected-retries",
    event: {
      id: `${ID}${last}`,
      type: "pool.created",
      tenantId,
      occurredAt: new Date("2026-05-01T00:00:00.123Z"),
      payload: { poolId: "final" },
    },
    detail: "It broke.",
    deliveries: 5,
  };
}

export function describeDeadLetterRepository(
  name: string,
  makeWorld: () => Promise<DeadLetterWorld>,
): void {
  describe(`dead letters in ${name}`, () => {
    let world: DeadLetterWorld;
    let letters: DeadLetterRepository;
    beforeEach(async () => {
      world = await makeWorld();
      letters = world.letters;
    });
    const ids = async (limit: number) =>
      (await letters.list(limit)).map(({ event }) => event.id.slice(-1));

    it("keep the event as it was, and what is known of it last", async () => {
      await letters.bury(letterOf(1));
      world.pass(1_000);
      await letters.bury({ ...letterOf(1), detail: "Again.", deliveries: 6 });
      const { buriedAt, ...kept } = (await letters.list(10))[0] ?? {};
      expect(kept).toEqual({ ...letterOf(1), detail: "Again.", deliveries: 6 });
      expect(buriedAt).toBeInstanceOf(Date);
      expect(await ids(10)).toEqual(["1"]);
    });

    it("keep an event of another release's catalogue, whatever is in it", async () => {
      const letter = letterOf(1);
      const event = { ...letter.event, type: "pool.renamed", payload: { name: "a\0", past: [1] } };
      await letters.bury({ ...letter, event, detail: "No a\0." });
      expect(await letters.find("rejected-retries", "acme", event.id)).toMatchObject({
        event: { type: "pool.renamed", payload: { name: "a\u001a", past: [1] } },
        detail: "No a\u001a.",
      });
    });

    it("are listed longest ago first, and known by group, tenant and event", async () => {
      await letters.bury(letterOf(2));
      world.pass(1_000);
      await letters.bury(letterOf(1, "rival"));
      expect(await ids(10)).toEqual(["2", "1"]);
      expect(await ids(1)).toEqual(["2"]);
      expect(await letters.find("rejected-retries", "acme", `${ID}1`)).toBeUndefined();
      expect(await letters.find("others", "rival", `${ID}1`)).toBeUndefined();
      expect(await letters.find("rejected-retries", "rival", `${ID}1`)).toMatchObject({
        event: { tenantId: "rival" },
      });
      expect(await letters.find("rejected-retries", "rival", "no id")).toBeUndefined();
      expect(await letters.drop("rejected-retries", "acme", `${ID}1`)).toBe(false);
      expect(await letters.drop("rejected-retries", "acme", "no id")).toBe(false);
      expect(await letters.drop("rejected-retries", "acme", `${ID}2`)).toBe(true);
      expect(await ids(10)).toEqual(["1"]);
    });

    it("are forgotten when they are old", async () => {
      await letters.bury(letterOf(1));
      world.pass(1_000);
      await letters.bury(letterOf(2));
      world.pass(500);
      expect(await letters.prune(1_000)).toBe(1);
      expect(await ids(10)).toEqual(["2"]);
    });
  });
}
