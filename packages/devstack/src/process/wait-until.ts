import { setTimeout as delay } from "node:timers/promises";

/**
 * Polls `condition` every `intervalMs` until it gives something other than undefined or false.
 * @throws Error naming `what` after `timeoutMs`; whatever `condition` throws ends the wait at once
 */
export async function waitUntil<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  options: { timeoutMs: number; intervalMs?: number },
): Promise<T> {
  const deadlineMs = performance.now() + options.timeoutMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() >= deadlineMs) {
      throw new Error(`${what}: not after ${options.timeoutMs} ms`);
    }
    await delay(options.intervalMs ?? 25);
  }
}
