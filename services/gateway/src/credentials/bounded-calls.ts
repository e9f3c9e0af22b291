/** A call unanswered for so long has lost its connection: Postgres ends every statement before. */
const LOST_AFTER_MS = 20_000;
/** One that was given up and one that finds out whether it was alone. */
const MAX_UNANSWERED = 2;

/**
 * Calls of a store that is asked again and again and may hang: none is waited for longer than the
 * bound, and those that were given up hold no more than two of its connections.
 */
export class BoundedCalls {
  readonly #timeoutMs: number;
  readonly #unanswered = new Set<Promise<unknown>>();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * An answer that comes later is nobody's.
   * @throws Error when it is late, or was not made; what the call failed with
   */
  async run<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    if (this.#unanswered.size >= MAX_UNANSWERED) {
      throw new Error("the store has not answered what it was asked before");
    }
    const answer = call();
    this.#unanswered.add(answer);
    const forget = () => {
      clearTimeout(lost);
      this.#unanswered.delete(answer);
    };
    const lost = setTimeout(forget, LOST_AFTER_MS);
    lost.unref();
    answer.then(forget, forget);
    return within(this.#timeoutMs, answer);
  }
}

async function within<Answer>(timeoutMs: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("the store did not answer in time")), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
