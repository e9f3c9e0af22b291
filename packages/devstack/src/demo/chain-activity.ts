import { randomInt } from "node:crypto";
import type { LedgerClient } from "../stack/ledger-client.ts";
import { DEMO_CHAIN } from "./demo-data.ts";

const INTERVAL_MS = 2_000;
const LARGEST_BURN = 200_000;

/** What goes on at the demo's contract: tokens are announced, then burned for as long as it runs. */
export class ChainActivity {
  readonly #ledger: LedgerClient;
  #timer: NodeJS.Timeout | undefined;

  constructor(ledger: LedgerClient) {
    this.#ledger = ledger;
  }

  /** Nothing happens on a real network, whose contracts are not ours. */
  async start(): Promise<void> {
    if ((await this.#ledger.findState()) === undefined) return;
    const { contractId, totalSupply, decimals, tokens } = DEMO_CHAIN;
    for (const { address, name, symbol } of tokens) {
      await this.#ledger.emit(contractId, [{ symbol: "token_created" }, { address }], {
        name: { string: name },
        symbol: { string: symbol },
        decimals: { u32: decimals },
        total_supply: { i128: String(totalSupply) },
      });
    }
    this.#timer = setInterval(() => {
      // A ledger that is being started again hears of the next one.
      this.#burn().catch(() => {});
    }, INTERVAL_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #burn(): Promise<void> {
    const { contractId, burner, tokens } = DEMO_CHAIN;
    const token = tokens[randomInt(tokens.length)];
    if (token === undefined) return;
    const topics = [{ symbol: "burn" }, { address: token.address }, { address: burner }];
    await this.#ledger.emit(contractId, topics, { i128: String(1 + randomInt(LARGEST_BURN)) });
  }
}
