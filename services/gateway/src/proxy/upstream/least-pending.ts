/** What a choice is made by. */
export interface Choice {
  /** Requests that it has and has not answered. */
  readonly pending: number;
  /** Whether its breaker lets a request through. */
  readonly isTaking: boolean;
  /** Whether it has as many requests as it may have. */
  readonly isFull: boolean;
}

/** With a smaller share of instances left, breakers are not believed: see `LeastPending`. */
export const PANIC_BELOW = 1 / 3;

/**
 * Picks the instance with the fewest pending requests of those whose breakers let one through; among
 * equals they take turns. With too few left all of them are asked in turn instead (panic): so much bad
 * news is more likely about the way there, and the few that are left would be the next to fail. So
 * nobody is ever left without an instance because of a breaker alone.
 */
export class LeastPending<Item extends Choice> {
  #turn = 0;

  /**
   * Another one than `except` where there is one, be its breaker open: `except` has just failed, and the
   * other may be back. Undefined: all that may be asked are full.
   */
  pick(items: readonly Item[], except?: Item): Item | undefined {
    const [only] = items;
    if (items.length === 1) return only?.isFull === false ? only : undefined;
    this.#turn = (this.#turn + 1) % Math.max(1, items.length);
    const taking = items.filter(({ isTaking }) => isTaking).length;
    const isPanic = taking < items.length * PANIC_BELOW;
    return isPanic ? this.#next(items, except) : this.#least(items, except);
  }

  #least(items: readonly Item[], except: Item | undefined): Item | undefined {
    let least: Item | undefined;
    let resting: Item | undefined;
    let spare: Item | undefined;
    for (let offset = 0; offset < items.length; offset += 1) {
      const item = items[(this.#turn + offset) % items.length];
      if (item === undefined || item.isFull) continue;
      if (item === except) spare = item;
      else if (!item.isTaking) resting ??= item;
      else if (least === undefined || item.pending < least.pending) least = item;
    }
    return least ?? (except === undefined ? undefined : (resting ?? spare));
  }

  /** Whoever fails at once never has anything pending: the least would always be the worst. */
  #next(items: readonly Item[], except: Item | undefined): Item | undefined {
    let spare: Item | undefined;
    for (let offset = 0; offset < items.length; offset += 1) {
      const item = items[(this.#turn + offset) % items.length];
      if (item === undefined || item.isFull) continue;
      if (item !== except) return item;
      spare = item;
    }
    return spare;
  }
}
