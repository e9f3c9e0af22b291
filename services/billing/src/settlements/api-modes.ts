import type { Clock } from "@orrery/common/contracts/clock";
import type { SettlementTerms } from "@orrery/common/repositories/settlement/settlement";

type Mode = SettlementTerms["mode"];

interface Memory {
  readonly mode: Mode;
  readonly atMs: number;
}

const MAX_APIS = 10_000;
const FRESH_MS = 1_000;

/**
 * How APIs settled when this process last found out: only which way to try first. The statement that
 * accepts a request checks for itself, so that a memory which is wrong costs a second statement.
 */
export class ApiModes {
  readonly #clock: Clock;
  readonly #memories = new Map<string, Memory>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  learn(tenantId: string, apiId: string, mode: Mode): void {
    const key = `${tenantId}\n${apiId}`;
    this.#memories.delete(key);
    this.#memories.set(key, { mode, atMs: this.#clock() });
    if (this.#memories.size <= MAX_APIS) return;
    const [oldest] = this.#memories.keys();
    if (oldest !== undefined) this.#memories.delete(oldest);
  }

  /** The way to try first. */
  likely(tenantId: string, apiId: string): Mode {
    return this.#memories.get(`${tenantId}\n${apiId}`)?.mode ?? "per_request";
  }

  /** Whether it settled per request within the last second. */
  isSurelySingle(tenantId: string, apiId: string): boolean {
    const memory = this.#memories.get(`${tenantId}\n${apiId}`);
    return memory?.mode === "per_request" && this.#clock() - memory.atMs <= FRESH_MS;
  }
}
