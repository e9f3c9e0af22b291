import { AsyncLocalStorage } from "node:async_hooks";

/**
 * Lets any number of operations run side by side, and a switch run alone: it waits until what runs is
 * over, while what comes waits for it. An operation inside of another one passes with it.
 */
export class StoreGate {
  readonly #inside = new AsyncLocalStorage<true>();
  #running = 0;
  /** Set while somebody is, or wants to be, alone; settles when it is over. */
  #alone: Promise<void> | undefined;
  #onIdle: (() => void) | undefined;

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#inside.getStore() === true) return work();
    while (this.#alone !== undefined) await this.#alone;
    this.#running += 1;
    try {
      return await this.#inside.run(true, work);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#onIdle?.();
    }
  }

  /** Must not be called by an operation: it would wait for itself. */
  async runAlone<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#inside.getStore() === true) throw new Error("an operation cannot wait for itself");
    while (this.#alone !== undefined) await this.#alone;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#alone = promise;
    try {
      if (this.#running > 0) {
        const idle = Promise.withResolvers<void>();
        this.#onIdle = idle.resolve;
        await idle.promise;
      }
      return await this.#inside.run(true, work);
    } finally {
      this.#onIdle = undefined;
      this.#alone = undefined;
      resolve();
    }
  }
}
