import { beforeEach, describe, expect, it } from "vitest";
import type { DomainEvent } from "../../contracts/events.ts";
import type { OutboxRepository } from "../outbox/outbox-repository.ts";
import type { EventLogRepository } from "./event-log-repository.ts";

export interface EventLogWorld {
  readonly outbox: OutboxRepository;
  readonly log: EventLogRepository;
  /** Announces an event, as a write does. */
  announce(event: Pick<DomainEvent, "type" | "payload">): Promise<void>;
  pass(ms: number): void;
}

const HOUR_MS = 3_600_000;
const TOKEN_ID = "0197f9a2-0000-7000-8000-000000000001";

export function describeEventLogRepository(
  name: string,
  makeWorld: () => Promise<EventLogWorld>,
): void {
  describe(`the event log in ${name}`, () => {
    let world: EventLogWorld;
    let log: EventLogRepository;
    beforeEach(async () => {
      world = await makeWorld();
      log = world.log;
    });
    const announcePool = (poolId: string) =>
      world.announce({ type: "pool.created", payload: { poolId } });
    const announceToken = () =>
      world.announce({ type: "token.created", payload: { tokenId: TOKEN_ID } });
    const pools = async (after = 0n, limit = 10) =>
      (await log.read("pool.created", after, limit)).map(({ position, event }) => [
        position,
        (event.payload as { poolId: string }).poolId,
      ]);

    it("numbers each topic's events in the order of the queue, batch after batch", async () => {
      for (const poolId of ["a", "b"]) {
        await announcePool(poolId);
        await announceToken();
      }
      await world.outbox.relay(3);
      await announcePool("c");
      await world.outbox.relay(10);
      expect(await pools()).toEqual([
        [1n, "a"],
        [2n, "b"],
        [3n, "c"],
      ]);
      expect(await pools(1n, 1)).toEqual([[2n, "b"]]);
      expect(await log.readHeads()).toEqual(
        new Map([
          ["pool.created", 3n],
          ["token.created", 2n],
        ]),
      );
    });

    it("gives events as they were announced", async () => {
      await announceToken();
      const [relayed] = (await world.outbox.relay(10))?.events ?? [];
      const [logged] = await log.read("token.created", 0n, 10);
      expect(logged).toEqual({ position: 1n, event: relayed });
    });

    it("takes nothing before a relay has taken it, and nothing that nobody consumes", async () => {
      await announcePool("a");
      expect([...(await log.readHeads())]).toEqual([]);
      await world.announce({ type: "pool.closed", payload: { poolId: "a" } });
      await world.outbox.relay(10);
      expect([...(await log.readHeads())]).toEqual([["pool.created", 1n]]);
      expect(await log.read("pool.closed", 0n, 10)).toEqual([]);
    });

    it("forgets what is old, up to a position, and goes on counting", async () => {
      for (const poolId of ["a", "b"]) await announcePool(poolId);
      await world.outbox.relay(10);
      world.pass(HOUR_MS);
      expect(await log.prune("pool.created", 1n, 2 * HOUR_MS)).toBe(0);
      expect(await log.prune("token.created", 1n, HOUR_MS / 2)).toBe(0);
      expect(await log.prune("pool.created", 1n, HOUR_MS / 2)).toBe(1);
      expect(await pools()).toEqual([[2n, "b"]]);
      expect(await log.prune("pool.created", 2n, HOUR_MS / 2)).toBe(1);
      await announcePool("c");
      await world.outbox.relay(10);
      expect(await pools()).toEqual([[3n, "c"]]);
    });
  });
}
