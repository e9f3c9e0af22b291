import type { SorobanRpc } from "../../../src/rpc/soroban-rpc.ts";

/** The JSON-RPC method and its parameters behind each call, as the client over HTTP sends them. */
export const RPC_PARAMETERS: {
  readonly [Method in keyof SorobanRpc]: (
    ...args: Parameters<SorobanRpc[Method]>
  ) => Record<string, unknown>;
} = {
  getLatestLedger: () => ({}),
  getTransaction: (hash) => ({ hash }),
  sendTransaction: (transaction) => ({ transaction }),
  simulateTransaction: (transaction) => ({ transaction }),
  getLedgerEntries: (keys) => ({ keys }),
  getFeeStats: () => ({}),
  getEvents: ({ contractId, topics, startLedger, cursor, limit }) => ({
    ...(cursor === undefined && { startLedger }),
    filters: [{ type: "contract", contractIds: [contractId], topics: [[...topics]] }],
    pagination: { limit, ...(cursor !== undefined && { cursor }) },
  }),
};

/** An answer as the client over HTTP hands it on. */
export function asClientAnswer(method: keyof SorobanRpc, result: unknown): unknown {
  if (method !== "getLatestLedger") return result;
  const { sequence, closeTime } = result as { sequence: number; closeTime: string };
  return { sequence, closeTimeS: Number(closeTime) };
}
