import type { TimePosition } from "../../contracts/keyset-page.ts";
import type { StoreGate } from "./store-gate.ts";
import type { StoreSide } from "./store-mode.ts";

export interface ProbedPage {
  /** What the page holds, in order. */
  readonly positions: readonly TimePosition[];
  readonly hasNext: boolean;
  readonly total: number;
}

/** One list, read page by page on either side. */
export interface ProbedList {
  /** For the report. */
  readonly name: string;
  read(side: StoreSide, after: TimePosition | undefined, limit: number): Promise<ProbedPage>;
}

const PAGE = 100;
/** Pages of a list at most: what is behind them is compared record by record all the same. */
const MAX_PAGES = 100;

/**
 * Walks lists on both sides with the same cursors; each page is read while nobody writes. What differs,
 * a line for each list.
 */
export async function compareLists(
  gate: StoreGate,
  lists: readonly ProbedList[],
): Promise<string[]> {
  const faults: string[] = [];
  for (const list of lists) {
    let after: TimePosition | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const position = after;
      const [memory, postgres] = await gate.runAlone(async () => [
        await list.read("memory", position, PAGE),
        await list.read("postgres", position, PAGE),
      ]);
      if (textOf(memory) !== textOf(postgres)) {
        faults.push(`${list.name}: page ${page + 1} differs`);
        break;
      }
      after = memory?.positions.at(-1);
      if (!memory?.hasNext) break;
    }
  }
  return faults;
}

function textOf(page: ProbedPage | undefined): string {
  return JSON.stringify(page);
}
