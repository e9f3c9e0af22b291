import { outsideRequest } from "../observability/database/query-tally.ts";

interface PeriodicTaskOptions {
  intervalMs: number;
  run: () => Promise<void>;
  onError: (error: unknown) => void;
}

/** Runs work every `intervalMs` and whenever it is nudged, never twice at once. */
export class PeriodicTask {
  readonly #options: PeriodicTaskOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isNudged = false;
  #isClosed = false;

  constructor(options: PeriodicTaskOptions) {
    this.#options = options;
  }

  start(): void {
    this.#schedule();
  }

  /** Runs now, or once more right after the run that is under way. */
  nudge(): void {
    if (this.#isClosed) return;
    if (this.#running !== undefined) {
      this.#isNudged = true;
      return;
    }
    clearTimeout(this.#timer);
    // A request may have nudged it; the work is everybody's.
    this.#running = outsideRequest(() => this.#run());
  }

  /** Ends after the run that is under way; nothing runs afterwards. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.nudge(), this.#options.intervalMs);
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    do {
      this.#isNudged = false;
      try {
        await this.#options.run();
      } catch (error) {
        this.#options.onError(error);
        break;
      }
    } while (this.#isNudged && !this.#isClosed);
    this.#running = undefined;
    this.#isNudged = false;
    if (!this.#isClosed) this.#schedule();
  }
}
