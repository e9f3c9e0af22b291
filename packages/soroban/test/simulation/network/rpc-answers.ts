import type { SorobanRpc } from "../../../src/rpc/soroban-rpc.ts";

/** The JSON-RPC method and its parameters behind each call, as the client over HTTP sends them. */
const RPC_PARAMETERS: {
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
    filters: [
      { type: "contract", contractIds: [contractId], ...(topics && { topics: [[...topics]] }) },
    ],
    pagination: { limit, ...(cursor !== undefined && { cursor }) },
  }),
};

export type Method = keyof SorobanRpc;

/** A client whose calls all go through one function, as a method and its parameters. */
export function rpcThrough(
  call: (method: Method, parameters: Record<string, unknown>, args: unknown[]) => Promise<unknown>,
): SorobanRpc {
  const methods = Object.keys(RPC_PARAMETERS) as Method[];
  return Object.fromEntries(
    methods.map((method) => {
      const parametersOf = RPC_PARAMETERS[method] as (
        ...args: unknown[]
      ) => Record<string, unknown>;
      return [method, (...args: unknown[]) => call(method, parametersOf(...args), args)];
    }),
  ) as unknown as SorobanRpc;
}

/** An answer as the client over HTTP hands it on. */
export function asClientAnswer(method: Method, result: unknown): unknown {
  if (method !== "getLatestLedger") return result;
  const { sequence, closeTime } = result as { sequence: number; closeTime: string };
  return { sequence, closeTimeS: Number(closeTime) };
}
