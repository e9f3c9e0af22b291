import { type Static, Type } from "typebox";
import { compileCheck } from "./schema-check.ts";

const closed = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 255 });
const TokenEvent = Type.Object({ tokenId: Type.String({ format: "uuid" }) }, closed);
const PoolEvent = Type.Object({ poolId: Id }, closed);

/** Every event that the platform announces, with the schema of its payload: the one catalogue. */
export const EVENTS = {
  "token.created": TokenEvent,
  "burn.created": TokenEvent,
  "pool.created": PoolEvent,
  "prediction.placed": PoolEvent,
  "pool.closed": PoolEvent,
  "pool.settled": PoolEvent,
} as const;

export type EventType = keyof typeof EVENTS;

/** Something that happened, announced with the write that it tells of. */
export type DomainEvent = {
  [Type in EventType]: {
    /** UUIDv7; consumers apply each id once. */
    readonly id: string;
    readonly type: Type;
    readonly tenantId: string;
    readonly occurredAt: Date;
    readonly payload: Static<(typeof EVENTS)[Type]>;
  };
}[EventType];

/** An event as some release announced it, which may know others than this one. */
export interface AnnouncedEvent {
  readonly id: string;
  readonly type: string;
  readonly tenantId: string;
  readonly occurredAt: Date;
  readonly payload: unknown;
}

const checks = new Map(
  Object.entries(EVENTS).map(([type, schema]) => [type, compileCheck(schema)]),
);

/** @throws {Error} for an event that is not of this release's catalogue, with what is wrong */
export function asDomainEvent(event: AnnouncedEvent): DomainEvent {
  assertEvent(event);
  return event as DomainEvent;
}

/** @throws {Error} for an event outside the catalogue or with a payload that its schema refuses */
export function assertEvent(event: { type: string; payload: unknown }): void {
  const check = checks.get(event.type);
  if (check === undefined) throw new Error(`${event.type} is not in the event catalogue`);
  const [fault] = check(event.payload);
  if (fault !== undefined) {
    throw new Error(`${event.type} has a bad payload: ${fault.pointer} ${fault.detail}`);
  }
}
