import type { DomainEvent } from "../../contracts/events.ts";
import type { ConsumerGroup } from "../../events/bus/consumer-groups.ts";

export type EventSource = "indexer" | "internal";

/** An event that could not be applied: kept, shown, and applied again when asked. */
export interface RejectedEvent {
  readonly tenantId: string;
  readonly eventId: string;
  readonly source: EventSource;
  /**
   * As it arrived, but for what JSON or Postgres cannot hold: integers beyond those of JSON are kept
   * as digits, bytes as hexadecimal text, NUL as U+001A.
   */
  readonly event: unknown;
  /** Of the problem that it met. */
  readonly code: string;
  readonly detail: string;
  /** What must be there before it can be applied: `wantedToken` or `wantedPool`. */
  readonly wants?: string;
}

/** An event that makes what others may have been waiting for. */
export type ReleasingEvent = Extract<DomainEvent, { type: "token.created" | "pool.created" }>;

export interface KeptEvent extends RejectedEvent {
  /** How often it has been refused. */
  readonly rejections: number;
  /** The last time. */
  readonly rejectedAt: Date;
}

export interface RejectedEventRepository {
  /**
   * The same event again counts a rejection more. One that newly wants something is taken once
   * without being released: what it wants may have come while it was refused.
   */
  keep(event: RejectedEvent): Promise<void>;
  /** Longest ago first, over all tenants. */
  list(limit: number): Promise<readonly KeptEvent[]>;
  /** Undefined: there is none, or no more. */
  find(tenantId: string, eventId: string): Promise<KeptEvent | undefined>;
  /** It was applied, or somebody decided that it never will be. False: there was none. */
  drop(tenantId: string, eventId: string): Promise<boolean>;
  /**
   * Lets what wanted the token or pool of this event be taken. A group applies each event once,
   * whoever is given it how often; false: it had been.
   */
  release(group: ConsumerGroup, event: ReleasingEvent): Promise<boolean>;
  /**
   * Up to `limit` events to be tried again, for the caller alone for so long; who refuses one keeps
   * it, and it waits until it is released again.
   */
  take(limit: number, leaseMs: number): Promise<readonly KeptEvent[]>;
  /** Forgets what was last refused so long ago. Gives how many. */
  prune(olderThanMs: number): Promise<number>;
}

export function wantedToken(address: string): string {
  return `token:${address}`;
}

export function wantedPool(poolId: string): string {
  return `pool:${poolId}`;
}
