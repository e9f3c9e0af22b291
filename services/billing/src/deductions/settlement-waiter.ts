import { outsideRequest } from "@orrery/common/observability/database/query-tally";

/** What is waited for: a tenant's charge, by the id that its store knows it by. */
interface WaitKey {
  readonly tenantId: string;
  readonly id: string;
}

/** A charge that has ended, and how. */
interface Ended<End> extends WaitKey {
  readonly end: End;
}

interface Waiter<End> extends WaitKey {
  readonly done: (end: End | undefined) => void;
}

export interface SettlementWaiterOptions<End> {
  /** Those of the given charges that have ended. */
  listEnded: (keys: readonly WaitKey[]) => Promise<readonly Ended<End>[]>;
  /** How often the store is asked for what another instance settled. */
  pollMs: number;
  /** More callers than this are not kept waiting: they get their 202 at once. */
  maxWaiters: number;
  onPollError: (error: unknown) => void;
}

/** The part of all waiters that may be one tenant's. */
const TENANT_SHARE = 1 / 2;
/** What one look at the store asks for at most. */
const POLL_LIMIT = 1_000;

/**
 * Holds the callers that wait for the chain. An engine in this process says at once when something
 * was settled; what another instance settled is found by looking, one look for all who wait.
 */
export class SettlementWaiter<End> {
  readonly #options: SettlementWaiterOptions<End>;
  /** In order of their last look, so that every waiter gets its turn. */
  readonly #waiters = new Set<Waiter<End>>();
  readonly #waitersOf = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isLooking = false;
  #mustLookAgain = false;

  constructor(options: SettlementWaiterOptions<End>) {
    this.#options = options;
  }

  /** How it ended; undefined when the time is over first. */
  async wait({ tenantId, id }: WaitKey, waitMs: number): Promise<End | undefined> {
    if (waitMs <= 0 || this.#isClosed || this.#isFullFor(tenantId)) return undefined;
    return new Promise((resolve) => {
      const waiter: Waiter<End> = {
        tenantId,
        id,
        done: (end) => {
          clearTimeout(bound);
          if (this.#waiters.delete(waiter)) this.#count(tenantId, -1);
          resolve(end);
        },
      };
      const bound = setTimeout(() => waiter.done(undefined), waitMs);
      this.#waiters.add(waiter);
      this.#count(tenantId, 1);
      this.#schedule();
    });
  }

  #isFullFor(tenantId: string): boolean {
    const { maxWaiters } = this.#options;
    if (this.#waiters.size >= maxWaiters) return true;
    return (this.#waitersOf.get(tenantId) ?? 0) >= maxWaiters * TENANT_SHARE;
  }

  #count(tenantId: string, change: 1 | -1): void {
    const count = (this.#waitersOf.get(tenantId) ?? 0) + change;
    if (count === 0) this.#waitersOf.delete(tenantId);
    else this.#waitersOf.set(tenantId, count);
  }

  /** Looks at once: an engine in this process has settled something. Looks never overlap. */
  async look(): Promise<void> {
    if (this.#isLooking) {
      this.#mustLookAgain = true;
      return;
    }
    this.#isLooking = true;
    try {
      do {
        this.#mustLookAgain = false;
        await this.#lookOnce();
      } while (this.#mustLookAgain);
    } catch (error) {
      this.#options.onPollError(error);
    } finally {
      this.#isLooking = false;
    }
  }

  async #lookOnce(): Promise<void> {
    const asked = [...this.#waiters].slice(0, POLL_LIMIT);
    if (asked.length === 0) return;
    for (const waiter of asked) {
      this.#waiters.delete(waiter);
      this.#waiters.add(waiter);
    }
    const ended = await this.#options.listEnded(asked);
    const byKey = new Map(ended.map((one) => [textOf(one), one.end]));
    for (const waiter of asked) {
      const end = byKey.get(textOf(waiter));
      if (end !== undefined) waiter.done(end);
    }
  }

  /** Lets every caller go, and keeps nobody from now on: they are told `pending`. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const waiter of [...this.#waiters]) waiter.done(undefined);
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#isClosed || this.#waiters.size === 0) return;
    // One look for all who wait is none of the first one's queries.
    outsideRequest(() => {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        void this.look().finally(() => this.#schedule());
      }, this.#options.pollMs);
    });
  }
}

function textOf({ tenantId, id }: WaitKey): string {
  return `${tenantId}\n${id}`;
}
