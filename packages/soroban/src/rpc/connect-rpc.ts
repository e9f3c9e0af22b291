import { createFailoverRpc } from "./failover-rpc.ts";
import { createHttpSorobanRpc } from "./http-soroban-rpc.ts";
import type { SorobanRpc } from "./soroban-rpc.ts";

export interface ConnectRpcOptions {
  /** Of one network, in the order to ask them in. */
  readonly urls: readonly string[];
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** One RPC, or several with fail-over between them. */
export function connectRpc({ urls, timeoutMs, clock }: ConnectRpcOptions): SorobanRpc {
  const rpcs = urls.map((url) => createHttpSorobanRpc({ url, timeoutMs }));
  const [only] = rpcs;
  return rpcs.length === 1 && only !== undefined ? only : createFailoverRpc(rpcs, { clock });
}
