import { PeriodicTask } from "@orrery/common/events/periodic-task";
import type {
  ApiKeyRepository,
  KeyUse,
} from "@orrery/common/repositories/api-key/api-key-repository";
import { BoundedCalls } from "./bounded-calls.ts";

interface KeyUsageOptions {
  keys: Pick<ApiKeyRepository, "noteUsed">;
  onError: (error: unknown) => void;
  intervalMs?: number;
  /** Keys that wait to be written at most; the uses of others are told again later. */
  capacity?: number;
}

const INTERVAL_MS = 10_000;
const CAPACITY = 10_000;
/** What one statement writes. */
const BATCH = 1_000;
/** What takes longer has failed, and is written once more: the same use twice does nothing. */
const WRITE_TIMEOUT_MS = 10_000;

/** Tells the store when keys were used, some seconds later and many at a time. */
export class KeyUsage {
  readonly #options: KeyUsageOptions;
  readonly #calls = new BoundedCalls(WRITE_TIMEOUT_MS);
  readonly #task: PeriodicTask;
  readonly #uses = new Map<string, number>();

  constructor(options: KeyUsageOptions) {
    this.#options = options;
    this.#task = new PeriodicTask({
      intervalMs: options.intervalMs ?? INTERVAL_MS,
      run: () => this.#write(),
      onError: options.onError,
    });
  }

  start(): void {
    this.#task.start();
  }

  /** Never waits, never throws. */
  note(keyId: string, atMs: number): void {
    const capacity = this.#options.capacity ?? CAPACITY;
    if (this.#uses.size < capacity || this.#uses.has(keyId)) this.#uses.set(keyId, atMs);
  }

  /** Writes what still waits; what cannot be written now is lost. */
  async close(): Promise<void> {
    await this.#task.close();
    await this.#write().catch(this.#options.onError);
  }

  async #write(): Promise<void> {
    while (this.#uses.size > 0) {
      const uses: KeyUse[] = [...this.#uses]
        .slice(0, BATCH)
        .map(([keyId, atMs]) => ({ keyId, at: new Date(atMs) }));
      await this.#calls.run(() => this.#options.keys.noteUsed(uses));
      // What was used again meanwhile waits for the next time.
      for (const { keyId, at } of uses) {
        if (this.#uses.get(keyId) === at.getTime()) this.#uses.delete(keyId);
      }
    }
  }
}
