import { LONGEST_TIMER_MS, reasonOf } from "./pause.ts";

/**
 * What `run` gives, or a rejection as soon as the time is over (`expired`) or `signal` is aborted (its reason),
 * even if `run` does not heed the signal that it is given: that one is aborted by either.
 */
export async function within<T>(
  ms: number,
  expired: () => Error,
  signal: AbortSignal | undefined,
  run: (bounded: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const bounded =
    signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]);
  if (bounded.aborted) throw reasonOf(bounded);
  const timer = setTimeout(() => deadline.abort(expired()), Math.min(ms, LONGEST_TIMER_MS));
  let onAbort = () => {};
  const ended = new Promise<never>((_, reject) => {
    onAbort = () => reject(reasonOf(bounded));
    bounded.addEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([run(bounded), ended]);
  } finally {
    clearTimeout(timer);
    bounded.removeEventListener("abort", onAbort);
  }
}
