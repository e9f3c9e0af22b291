import type { Mirror } from "./mirror.ts";
import type { RecordKey, RecordSide } from "./record-side.ts";
import type { BackfillStatus } from "./store-status.ts";

interface BackfillOptions<Row extends object> {
  from: () => Pick<RecordSide<Row>, "listKeys">;
  mirror: Pick<Mirror<Row>, "copy" | "forgetOverflow">;
}

const PAGE = 200;

/**
 * Copies every record of the side that decides, page by page in the order of keys; what is written
 * meanwhile is copied by whoever writes it. One that was broken off goes on where it was.
 */
export class Backfill<Row extends object> {
  readonly #options: BackfillOptions<Row>;
  #state: BackfillStatus["state"] = "idle";
  #copied = 0;
  #position: RecordKey | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: BackfillOptions<Row>) {
    this.#options = options;
  }

  get status(): BackfillStatus {
    return { state: this.#state, copied: this.#copied };
  }

  /** Begins, or goes on after a failure; one that is under way goes on alone. */
  start(): void {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** The sides are equal already: so many records were copied otherwise. */
  skip(copied: number): void {
    this.#state = "done";
    this.#copied = copied;
  }

  /** Breaks off, and forgets how far it was. */
  async reset(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    this.#isStopped = false;
    this.#state = "idle";
    this.#copied = 0;
    this.#position = undefined;
  }

  async #run(): Promise<void> {
    if (this.#state !== "failed") {
      this.#copied = 0;
      this.#position = undefined;
      this.#options.mirror.forgetOverflow();
    }
    this.#state = "running";
    try {
      this.#state = (await this.#copyPages()) ? "done" : "failed";
    } catch {
      this.#state = "failed";
    }
  }

  async #copyPages(): Promise<boolean> {
    for (;;) {
      if (this.#isStopped) return false;
      const keys = await this.#options.from().listKeys(this.#position, PAGE);
      const last = keys.at(-1);
      if (last === undefined) return true;
      if (!(await this.#options.mirror.copy(keys))) return false;
      this.#copied += keys.length;
      this.#position = last;
    }
  }
}
