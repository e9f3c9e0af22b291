import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DomainEvent } from "../../contracts/events.ts";
import type { EventBus, EventSubscription, PlacedEvent } from "./event-bus.ts";

export const MAX_LENGTH = 5;
export const TOPIC = "pool.created";

export function placedAt(...positions: readonly number[]): PlacedEvent[] {
  return positions.map((position) => ({ position: BigInt(position), event: eventOf(position) }));
}

export function eventOf(position: number, tenantId = "acme"): DomainEvent {
  return {
    id: `0197f9a2-0000-7000-8000-${String(position).padStart(12, "0")}`,
    type: TOPIC,
    tenantId,
    occurredAt: new Date("2026-05-01T00:00:00.123Z"),
    payload: { poolId: `pool-${position}` },
  };
}

export interface BusWorld {
  readonly bus: EventBus;
  /** The same bus as another process sees it. */
  openOther(): Promise<EventBus>;
  close(): Promise<void>;
}

export function describeEventBus(name: string, makeWorld: () => Promise<BusWorld>): void {
  describe(`the event bus in ${name}`, () => {
    let world: BusWorld;
    let bus: EventBus;
    let one: EventSubscription;
    beforeEach(async () => {
      world = await makeWorld();
      bus = world.bus;
      one = bus.subscribe("group", TOPIC);
    });
    afterEach(() => world.close());

    const read = async (subscription = one, limit = 10) =>
      (await subscription.read(limit)).deliveries.map(({ position }) => Number(position));
    const recover = async (subscription = one, idleMs = 0) =>
      (await subscription.recover(10, idleMs)).deliveries.map(({ position, deliveries }) => [
        Number(position),
        deliveries,
      ]);

    it("gives a group each event once, in order and as it was, whoever of it asks", async () => {
      const other = (await world.openOther()).subscribe("group", TOPIC);
      await bus.append(TOPIC, placedAt(1, 2, 3));
      const [first] = (await one.read(1)).deliveries;
      expect(first).toEqual({ ...placedAt(1)[0], deliveries: 1 });
      expect(await read(other, 1)).toEqual([2]);
      expect(await read()).toEqual([3]);
      expect(await read(other)).toEqual([]);
    });

    it("gives every group all events, those from before it came too", async () => {
      await bus.append(TOPIC, placedAt(1, 2));
      expect(await read()).toEqual([1, 2]);
      await bus.append(TOPIC, placedAt(3));
      expect(await read(bus.subscribe("later", TOPIC))).toEqual([1, 2, 3]);
      expect(await read()).toEqual([3]);
      expect(await read(bus.subscribe("group", "token.created"))).toEqual([]);
    });

    it("passes over what it was given before, and begins wherever the log does", async () => {
      expect(await bus.readLastPosition(TOPIC)).toBe(0n);
      expect(await bus.append(TOPIC, placedAt(7, 8))).toBe(8n);
      expect(await bus.append(TOPIC, placedAt(6, 7, 8, 9))).toBe(9n);
      expect(await bus.readLastPosition(TOPIC)).toBe(9n);
      expect(await read()).toEqual([7, 8, 9]);
    });

    it("adds nothing twice when two publish the same at once", async () => {
      const other = await world.openOther();
      await Promise.all(
        [bus, other, bus, other].map((publisher) => publisher.append(TOPIC, placedAt(1, 2, 3))),
      );
      expect(await read()).toEqual([1, 2, 3]);
    });

    it("gives what nobody acknowledged to another consumer, and counts how often", async () => {
      const other = (await world.openOther()).subscribe("group", TOPIC);
      await bus.append(TOPIC, placedAt(1, 2, 3));
      const { deliveries } = await one.read(10);
      for (const delivery of deliveries.slice(1, 2)) await one.acknowledge(delivery);
      expect(await recover(other, 3_600_000)).toEqual([]);
      expect(await recover(other)).toEqual([
        [1, 2],
        [3, 2],
      ]);
      const again = (await one.recover(1, 0)).deliveries;
      expect(again).toEqual([{ ...placedAt(1)[0], deliveries: 3 }]);
      for (const delivery of deliveries) await other.acknowledge(delivery);
      expect(await recover()).toEqual([]);
    });

    it("takes back what was not tried: at once for the next, and not counted", async () => {
      await bus.append(TOPIC, placedAt(1, 2));
      await one.giveBack((await one.read(10)).deliveries);
      const { deliveries } = await one.recover(10, 3_600_000);
      expect(deliveries.map((delivery) => delivery.deliveries)).toEqual([1, 1]);
      await one.giveBack(deliveries.slice(1));
      expect(await recover(one, 3_600_000)).toEqual([[2, 1]]);
    });

    it("counts right what lies between entries that others work on", async () => {
      await bus.append(TOPIC, placedAt(1, 2, 3, 4, 5));
      await one.read(10);
      const { deliveries } = await one.recover(10, 0);
      await one.giveBack(deliveries.filter(({ position }) => position === 1n || position === 5n));
      expect(await recover(one, 3_600_000)).toEqual([
        [1, 2],
        [5, 2],
      ]);
    });

    it("gives what lies behind a position when it is asked for that", async () => {
      await bus.append(TOPIC, placedAt(1, 2, 3));
      await one.read(10);
      const behind = async (after: bigint) =>
        (await one.recover(1, 0, after)).deliveries.map(({ position }) => position);
      expect(await behind(0n)).toEqual([1n]);
      expect(await behind(1n)).toEqual([2n]);
      expect(await behind(3n)).toEqual([]);
      expect((await one.recover(10, 0)).deliveries.map(({ deliveries }) => deliveries)).toEqual([
        3, 3, 2,
      ]);
    });

    it("tells how much of a topic a group is not done with", async () => {
      await bus.append(TOPIC, placedAt(1, 2, 3));
      const { deliveries, behind } = await one.read(2);
      expect(behind).toBe(3);
      for (const delivery of deliveries) await one.acknowledge(delivery);
      expect((await one.read(10)).behind).toBe(1);
      expect((await one.read(10)).behind).toBe(1);
    });

    it("keeps the newest events, and tells a group what it missed, read or not", async () => {
      await bus.append(TOPIC, placedAt(1, 2, 3));
      expect((await one.read(2)).missed).toBe(0);
      await bus.append(TOPIC, placedAt(4, 5, 6, 7, 8, 9));
      const { deliveries, missed } = await one.read(2);
      expect([deliveries.map(({ position }) => position), missed]).toEqual([[5n, 6n], 2]);
      const left = await one.recover(10, 0);
      expect(left.missed).toBe(2);
      expect(left.deliveries.map(({ position }) => position)).toEqual([5n, 6n]);
      expect((await one.recover(10, 0)).missed).toBe(0);
      const late = await bus.subscribe("late", TOPIC).read(1);
      expect([late.deliveries[0]?.position, late.missed]).toEqual([5n, 4]);
    });

    it("forgets a topic with its groups", async () => {
      await bus.append(TOPIC, placedAt(8, 9));
      await read();
      await bus.drop(TOPIC);
      expect(await bus.readLastPosition(TOPIC)).toBe(0n);
      expect(await recover()).toEqual([]);
      await bus.append(TOPIC, placedAt(1));
      expect((await one.read(10)).missed).toBe(0);
    });

    it("carries what a tenant may write without harm", async () => {
      const poolId = `"'\n\u0000 ${randomUUID()} ünï`;
      const event = { ...eventOf(1), payload: { poolId } } as DomainEvent;
      await bus.append(TOPIC, [{ position: 1n, event }]);
      expect((await one.read(1)).deliveries[0]?.event).toEqual(event);
    });
  });
}
