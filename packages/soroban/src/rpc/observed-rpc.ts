import type { SorobanRpc } from "./soroban-rpc.ts";

/** The same client; `observe` is told the newest ledger of every answer before the caller gets it. */
export function observedRpc(rpc: SorobanRpc, observe: (latestLedger: number) => void): SorobanRpc {
  const told = async <Answer extends { readonly latestLedger: number }>(call: Promise<Answer>) => {
    const answer = await call;
    observe(answer.latestLedger);
    return answer;
  };
  return {
    getLatestLedger: async () => {
      const tip = await rpc.getLatestLedger();
      observe(tip.sequence);
      return tip;
    },
    getTransaction: (hash) => told(rpc.getTransaction(hash)),
    sendTransaction: (envelopeXdr) => told(rpc.sendTransaction(envelopeXdr)),
    simulateTransaction: (envelopeXdr) => told(rpc.simulateTransaction(envelopeXdr)),
    getLedgerEntries: (keys) => told(rpc.getLedgerEntries(keys)),
    getFeeStats: () => told(rpc.getFeeStats()),
    getEvents: (request) => told(rpc.getEvents(request)),
  };
}
