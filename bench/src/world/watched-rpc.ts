import type { SorobanRpc } from "@orrery/soroban/rpc/soroban-rpc";
import { TransactionBuilder } from "@stellar/stellar-sdk/base";
import { NETWORK_PASSPHRASE } from "./accounts.ts";

/** Sees every send and every poll of an engine. */
export class WatchedRpc {
  #onSend: (atMs: number) => void = () => {};
  #calls: { readonly hash: string; readonly ledger: number; readonly isSend: boolean }[] = [];

  readonly wrap = (rpc: SorobanRpc): SorobanRpc => ({
    ...rpc,
    sendTransaction: async (envelopeXdr) => {
      this.#onSend(performance.now());
      const answer = await rpc.sendTransaction(envelopeXdr);
      this.#calls.push({ hash: hashOf(envelopeXdr), ledger: answer.latestLedger, isSend: true });
      return answer;
    },
    getTransaction: async (hash) => {
      const answer = await rpc.getTransaction(hash);
      this.#calls.push({ hash, ledger: answer.latestLedger, isSend: false });
      return answer;
    },
  });

  /** When the next envelope is handed to the network, by `performance.now()`. */
  nextSend(): Promise<number> {
    return new Promise((resolve) => {
      this.#onSend = resolve;
    });
  }

  /**
   * Calls per transaction and ledger since the last look: polls and resends, without the first
   * send, which is no poll.
   */
  takePollCounts(): number[] {
    const counts = new Map<string, number>();
    const sent = new Set<string>();
    for (const { hash, ledger, isSend } of this.#calls) {
      const isFirstSend = isSend && !sent.has(hash);
      if (isSend) sent.add(hash);
      if (isFirstSend) continue;
      const key = `${hash} ${ledger}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    this.#calls = [];
    return [...counts.values()];
  }
}

function hashOf(envelopeXdr: string): string {
  const hash = TransactionBuilder.fromXdr(envelopeXdr, NETWORK_PASSPHRASE).hash();
  return Buffer.from(hash).toString("hex");
}
