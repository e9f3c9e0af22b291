export type EventSource = "indexer" | "internal";

/** An event that could not be applied: kept, shown, and applied again when asked. */
export interface RejectedEvent {
  readonly tenantId: string;
  readonly eventId: string;
  readonly source: EventSource;
  /** As it arrived. */
  readonly event: unknown;
  /** Of the problem that it met. */
  readonly code: string;
  readonly detail: string;
}

export interface KeptEvent extends RejectedEvent {
  /** How often it has been refused. */
  readonly rejections: number;
  /** The last time. */
  readonly rejectedAt: Date;
}

export interface RejectedEventRepository {
  /** The same event again counts a rejection more. */
  keep(event: RejectedEvent): Promise<void>;
  /** Longest ago first, over all tenants. */
  list(limit: number): Promise<readonly KeptEvent[]>;
  /** Undefined: there is none, or no more. */
  find(tenantId: string, eventId: string): Promise<KeptEvent | undefined>;
  /** It was applied, or somebody decided that it never will be. False: there was none. */
  drop(tenantId: string, eventId: string): Promise<boolean>;
  /** Forgets what was last refused so long ago. Gives how many. */
  prune(olderThanMs: number): Promise<number>;
}
