import type { SorobanRpc } from "../../../src/rpc/soroban-rpc.ts";

/** The bound on an engine's calls about one transaction while it hears of no newer ledger. */
const MOST_CALLS = 2;
const NO_TRANSACTION = "0".repeat(64);

/**
 * One engine's client, watched: `onTooMany` is told when it sends or looks for a transaction more
 * often than it may within the newest ledger that it has heard of. Looking up what an event named
 * is no poll: that transaction is known to be there.
 */
export function watchPolls(rpc: SorobanRpc, onTooMany: (detail: string) => void): SorobanRpc {
  const calls = new Map<string, number>();
  const named = new Set<string>([NO_TRANSACTION]);
  let latestLedger = 0;
  const heard = <Answer extends { readonly latestLedger: number }>(answer: Answer): Answer => {
    if (answer.latestLedger > latestLedger) calls.clear();
    latestLedger = Math.max(latestLedger, answer.latestLedger);
    return answer;
  };
  const called = (hash: string | undefined) => {
    if (hash === undefined || named.has(hash)) return;
    const count = (calls.get(hash) ?? 0) + 1;
    calls.set(hash, count);
    if (count > MOST_CALLS) onTooMany(`${count} calls about ${hash} in ledger ${latestLedger}`);
  };
  return {
    getLatestLedger: async () => {
      const tip = await rpc.getLatestLedger();
      heard({ latestLedger: tip.sequence });
      return tip;
    },
    getTransaction: async (hash) => {
      try {
        return heard(await rpc.getTransaction(hash));
      } finally {
        called(hash);
      }
    },
    sendTransaction: async (envelopeXdr) => {
      const answer = heard(await rpc.sendTransaction(envelopeXdr));
      called((answer as { hash?: string }).hash);
      return answer;
    },
    simulateTransaction: async (envelopeXdr) => heard(await rpc.simulateTransaction(envelopeXdr)),
    getLedgerEntries: async (keys) => heard(await rpc.getLedgerEntries(keys)),
    getFeeStats: async () => heard(await rpc.getFeeStats()),
    getEvents: async (request) => {
      const answer = heard(await rpc.getEvents(request));
      for (const { txHash } of answer.events) named.add(txHash);
      return answer;
    },
  };
}
