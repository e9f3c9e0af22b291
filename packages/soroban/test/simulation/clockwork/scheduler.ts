interface Event {
  readonly atMs: number;
  /** Events of the same time happen in the order in which they were planned. */
  readonly order: number;
  work: (() => void) | undefined;
}

/**
 * Virtual time: events happen one after the other, each at its time, and the next only when all that
 * the last set in motion has come to rest. Nothing here waits.
 */
export class Scheduler {
  readonly #heap: Event[] = [];
  #nowMs: number;
  #planned = 0;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  readonly now = (): number => this.#nowMs;

  /** Plans an event; the result cancels it. */
  at(atMs: number, work: () => void): () => void {
    this.#planned += 1;
    const event: Event = { atMs: Math.max(atMs, this.#nowMs), order: this.#planned, work };
    this.#push(event);
    return () => {
      event.work = undefined;
    };
  }

  after(delayMs: number, work: () => void): () => void {
    return this.at(this.#nowMs + Math.max(0, delayMs), work);
  }

  /** Lets the next event happen and all promises that follow from it; false when none is left. */
  async step(): Promise<boolean> {
    for (;;) {
      const event = this.#pop();
      if (event === undefined) return false;
      if (event.work === undefined) continue;
      this.#nowMs = event.atMs;
      event.work();
      await settled();
      return true;
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt] as Event;
      if (isBefore(parent, event)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      const right = heap[childAt + 1];
      if (right !== undefined && isBefore(right, heap[childAt] as Event)) childAt += 1;
      const child = heap[childAt];
      if (child === undefined || isBefore(last, child)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** Every promise job that is waiting, and every one that those add, runs before an immediate does. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
