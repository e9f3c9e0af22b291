import { PeriodicTask } from "@orrery/common/events/periodic-task";
import type {
  KeptEvent,
  RejectedEventRepository,
} from "@orrery/common/repositories/indexer/rejected-event-repository";
import type { EventIngest } from "./event-ingest.ts";

export interface RejectedRetriesOptions {
  readonly rejected: RejectedEventRepository;
  readonly ingest: Pick<EventIngest, "apply">;
  /** Whether nothing can be applied now. */
  readonly isOutage: (error: unknown) => boolean;
  readonly onError: (error: unknown) => void;
}

const INTERVAL_MS = 1_000;
const BATCH_EVENTS = 50;
/** Longer than a batch takes; what an instance leaves when it dies is tried again so much later. */
const LEASE_MS = 60_000;

/** Applies rejected events that were released: what they lacked is there by now. */
export class RejectedRetries {
  readonly #options: RejectedRetriesOptions;
  readonly #task: PeriodicTask;
  #isClosing = false;

  constructor(options: RejectedRetriesOptions) {
    this.#options = options;
    this.#task = new PeriodicTask({
      intervalMs: INTERVAL_MS,
      run: () => this.retry(),
      onError: options.onError,
    });
  }

  start(): void {
    this.#task.start();
  }

  /** Something was released. */
  nudge(): void {
    this.#task.nudge();
  }

  close(): Promise<void> {
    this.#isClosing = true;
    return this.#task.close();
  }

  /**
   * Tries each released event once; one that is refused waits to be released again, one that failed
   * until its lease ends. @throws {Error} an outage at once; any other fault, the last of them, when
   * all were tried
   */
  async retry(): Promise<void> {
    let last: { readonly fault: unknown } | undefined;
    for (;;) {
      const taken = await this.#options.rejected.take(BATCH_EVENTS, LEASE_MS);
      for (const kept of taken) {
        // The lease ends by itself, and another instance goes on.
        if (this.#isClosing) return;
        try {
          await this.#retry(kept);
        } catch (fault) {
          if (this.#options.isOutage(fault)) throw fault;
          last = { fault };
        }
      }
      if (taken.length < BATCH_EVENTS) break;
    }
    if (last !== undefined) throw last.fault;
  }

  async #retry(kept: KeptEvent): Promise<void> {
    const { rejected, ingest } = this.#options;
    const { tenantId, eventId, source, event, wants } = kept;
    const result = await ingest.apply(event, { isVerified: source === "indexer" });
    if (result.status !== "rejected") {
      await rejected.drop(tenantId, eventId);
      return;
    }
    const { code, detail } = result;
    const wanted = wants === undefined ? {} : { wants };
    await rejected.keep({ tenantId, eventId, source, event, code, detail, ...wanted });
  }
}
