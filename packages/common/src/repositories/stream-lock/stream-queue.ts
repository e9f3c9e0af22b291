import { streamBusy, tooManyWait } from "./stream-problems.ts";

interface Waiter {
  readonly go: () => void;
}

interface StreamQueueOptions {
  /** The longest that anybody waits for its turn. */
  maxWaitMs: number;
  /** Who may wait at most, over all streams. */
  maxWaiting: number;
}

/**
 * Gives turns within a process: one caller per key at a time, the others in order of arrival, without
 * anything but memory. Keys do not wait for each other.
 */
export class StreamQueue {
  readonly #options: StreamQueueOptions;
  /** Who waits behind the caller whose turn it is, by key. */
  readonly #lines = new Map<string, Set<Waiter>>();
  #waiting = 0;

  constructor(options: StreamQueueOptions) {
    this.#options = options;
  }

  /** @throws {ProblemError} stream_busy, service_unavailable: the work was not begun */
  async run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    await this.#enter(key);
    try {
      return await work();
    } finally {
      this.#leave(key);
    }
  }

  async #enter(key: string): Promise<void> {
    const line = this.#lines.get(key);
    if (line === undefined) {
      this.#lines.set(key, new Set());
      return;
    }
    if (this.#waiting >= this.#options.maxWaiting) throw tooManyWait();
    await this.#wait(line);
  }

  #wait(line: Set<Waiter>): Promise<void> {
    return new Promise((resolve, reject) => {
      const leaveLine = () => {
        line.delete(waiter);
        this.#waiting -= 1;
      };
      const bound = setTimeout(() => {
        leaveLine();
        reject(streamBusy());
      }, this.#options.maxWaitMs);
      const waiter: Waiter = {
        go: () => {
          clearTimeout(bound);
          leaveLine();
          resolve();
        },
      };
      line.add(waiter);
      this.#waiting += 1;
    });
  }

  #leave(key: string): void {
    const [next] = this.#lines.get(key) ?? [];
    if (next === undefined) this.#lines.delete(key);
    else next.go();
  }
}
