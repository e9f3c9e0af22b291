import type { OutboxRepository, RelayedBatch } from "../repositories/outbox/outbox-repository.ts";
import { PeriodicTask } from "./periodic-task.ts";

export interface OutboxRelayOptions {
  outbox: OutboxRepository;
  /** Sees each batch after it was taken and its topics were raised; what it throws loses nothing. */
  onRelayed: (batch: RelayedBatch) => void;
  onError: (error: unknown) => void;
}

/** With the 500 ms between looks at the generations, every instance knows of a write within 1 s. */
const INTERVAL_MS = 200;
const BATCH_EVENTS = 1_000;

/**
 * Empties the outbox and raises the topics of what it took. Every instance runs one; the database
 * lets one work at a time, so that another goes on when this process dies.
 */
export class OutboxRelay {
  readonly #options: OutboxRelayOptions;
  readonly #task: PeriodicTask;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#task = new PeriodicTask({
      intervalMs: INTERVAL_MS,
      run: () => this.drain(),
      onError: options.onError,
    });
  }

  start(): void {
    this.#task.start();
  }

  /** A write of this instance has committed. */
  nudge(): void {
    this.#task.nudge();
  }

  close(): Promise<void> {
    return this.#task.close();
  }

  /** Relays until the queue is empty or another relay is at work. */
  async drain(): Promise<void> {
    for (;;) {
      const batch = await this.#options.outbox.relay(BATCH_EVENTS);
      if (batch === undefined) return;
      this.#options.onRelayed(batch);
      if (batch.events.length < BATCH_EVENTS) return;
    }
  }
}
