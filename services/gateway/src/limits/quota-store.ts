/** So many in each window of time. */
export interface Quota {
  readonly max: number;
  readonly windowMs: number;
}

export interface Taken {
  /** Of the window in all, with what was granted. */
  readonly used: number;
  /** What was wanted, or what was left when that is less. */
  readonly granted: number;
  /** Until the window ends; at least 1. */
  readonly resetMs: number;
}

/**
 * What is used up of windows, counted for all instances of a deployment. It may forget a window at any
 * time, and it does not throw.
 */
export interface QuotaStore {
  /**
   * Takes `wanted` of the key's window, or what is left of it; a window begins when it is first taken
   * of. Undefined: the store is away.
   */
  take(key: string, wanted: number, quota: Quota): Promise<Taken | undefined>;
  close(): Promise<void>;
}
