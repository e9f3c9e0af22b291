import type { UsageEvent } from "@orrery/common/repositories/usage-event/usage-event";
import type { UsageEventRepository } from "@orrery/common/repositories/usage-event/usage-event-repository";

interface Waiter {
  readonly tenantId: string;
  readonly requestId: string;
  readonly done: (event: UsageEvent | undefined) => void;
}

interface SettlementWaiterOptions {
  events: Pick<UsageEventRepository, "listSettled">;
  /** How often the store is asked for what another instance settled. */
  pollMs: number;
  onPollError: (error: unknown) => void;
}

/** More callers than this are not kept waiting: they get their 202 at once. */
const MAX_WAITERS = 10_000;
/** What one look at the store asks for at most. */
const POLL_LIMIT = 1_000;

/**
 * Holds the callers that wait for the chain. An engine in this process says at once when something
 * was settled; what another instance settled is found by looking, one look for all who wait.
 */
export class SettlementWaiter {
  readonly #options: SettlementWaiterOptions;
  /** In order of their last look, so that every waiter gets its turn. */
  readonly #waiters = new Set<Waiter>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isLooking = false;
  #mustLookAgain = false;

  constructor(options: SettlementWaiterOptions) {
    this.#options = options;
  }

  /** The settled event; undefined when the time is over first. */
  async wait(tenantId: string, requestId: string, waitMs: number): Promise<UsageEvent | undefined> {
    if (waitMs <= 0 || this.#isClosed || this.#waiters.size >= MAX_WAITERS) return undefined;
    return new Promise((resolve) => {
      const waiter: Waiter = {
        tenantId,
        requestId,
        done: (event) => {
          clearTimeout(bound);
          this.#waiters.delete(waiter);
          resolve(event);
        },
      };
      const bound = setTimeout(() => waiter.done(undefined), waitMs);
      this.#waiters.add(waiter);
      this.#schedule();
    });
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
    const settled = await this.#options.events.listSettled(asked);
    const byKey = new Map(
      settled.map(({ tenantId, event }) => [key(tenantId, event.requestId), event]),
    );
    for (const waiter of asked) {
      const event = byKey.get(key(waiter.tenantId, waiter.requestId));
      if (event !== undefined) waiter.done(event);
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
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.look().finally(() => this.#schedule());
    }, this.#options.pollMs);
  }
}

function key(tenantId: string, requestId: string): string {
  return `${tenantId}\n${requestId}`;
}
