import { RpcError } from "./rpc-error.ts";
import type {
  ContractEventAnswer,
  EventsRequest,
  LatestLedgerAnswer,
  SendAnswer,
  SorobanRpc,
  TransactionAnswer,
} from "./soroban-rpc.ts";

export interface HttpSorobanRpcOptions {
  readonly url: string;
  /** The bound of one call, answer body included. */
  readonly timeoutMs: number;
  /** Answers above this are refused. */
  readonly maxAnswerBytes?: number;
  readonly fetch?: typeof fetch;
}

const SEND_STATUSES = ["PENDING", "DUPLICATE", "TRY_AGAIN_LATER", "ERROR"];
const DEFAULT_MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * The network's JSON-RPC over HTTP. Not the SDK's `rpc.Server`: that one ignores its time-out,
 * decodes XDR before it gives the status (so that an undecodable SUCCESS looks like a failure), and
 * drops the `latestLedger` that a proof of death must name.
 */
export function createHttpSorobanRpc(options: HttpSorobanRpcOptions): SorobanRpc {
  const call = (method: string, params?: object) => callMethod(options, method, params);
  return {
    async getLatestLedger() {
      const result = await call("getLatestLedger");
      return latestLedger(result);
    },
    async getTransaction(hash) {
      const result = await call("getTransaction", { hash });
      const answer = result as unknown as TransactionAnswer;
      requireOneOf("getTransaction", answer.status, ["SUCCESS", "FAILED", "NOT_FOUND"]);
      requireLedger("getTransaction", answer.latestLedger);
      requireLedger("getTransaction", answer.oldestLedger);
      return answer;
    },
    async sendTransaction(transaction) {
      const result = await call("sendTransaction", { transaction });
      const answer = result as unknown as SendAnswer;
      requireOneOf("sendTransaction", answer.status, SEND_STATUSES);
      requireLedger("sendTransaction", answer.latestLedger);
      return answer;
    },
    async simulateTransaction(transaction) {
      const result = await call("simulateTransaction", { transaction });
      requireLedger("simulateTransaction", result.latestLedger);
      return result as never;
    },
    async getLedgerEntries(keys) {
      const result = await call("getLedgerEntries", { keys });
      requireLedger("getLedgerEntries", result.latestLedger);
      return { latestLedger: result.latestLedger as number, entries: asArray(result.entries) };
    },
    async getFeeStats() {
      const result = await call("getFeeStats");
      if (typeof result.sorobanInclusionFee !== "object") {
        throw new RpcError("malformed", "getFeeStats");
      }
      return result as never;
    },
    async getEvents(request) {
      const result = await call("getEvents", eventsParameters(request));
      requireLedger("getEvents", result.latestLedger);
      const { cursor, oldestLedger } = result;
      return {
        latestLedger: result.latestLedger as number,
        ...(typeof oldestLedger === "number" && { oldestLedger }),
        ...(typeof cursor === "string" && { cursor }),
        events: asArray<ContractEventAnswer>(result.events),
      };
    },
  };
}

function eventsParameters(request: EventsRequest): object {
  return {
    ...(request.cursor === undefined && { startLedger: request.startLedger }),
    filters: [
      {
        type: "contract",
        contractIds: [request.contractId],
        ...(request.topics !== undefined && { topics: [[...request.topics]] }),
      },
    ],
    pagination: {
      limit: request.limit,
      ...(request.cursor !== undefined && { cursor: request.cursor }),
    },
  };
}

async function callMethod(
  options: HttpSorobanRpcOptions,
  method: string,
  params?: object,
): Promise<Record<string, unknown>> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, ...(params && { params }) });
  let text: string;
  try {
    const response = await (options.fetch ?? fetch)(options.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new RpcError("http", method, { code: response.status });
    }
    text = await readBounded(response, method, options.maxAnswerBytes ?? DEFAULT_MAX_ANSWER_BYTES);
  } catch (error) {
    throw asRpcError(error, method);
  }
  return resultOf(text, method);
}

async function readBounded(response: Response, method: string, maxBytes: number): Promise<string> {
  if (response.body === null) throw new RpcError("malformed", method);
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new RpcError("malformed", method, { detail: "answer too large" });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function resultOf(text: string, method: string): Record<string, unknown> {
  let answer: { result?: unknown; error?: { code?: number; message?: string } };
  try {
    answer = JSON.parse(text) as typeof answer;
  } catch (cause) {
    throw new RpcError("malformed", method, { cause });
  }
  if (answer?.error !== undefined && answer.error !== null) {
    const { code, message } = answer.error;
    throw new RpcError("json_rpc", method, {
      ...(code !== undefined && { code }),
      ...(message !== undefined && { detail: message }),
    });
  }
  if (typeof answer?.result !== "object" || answer.result === null) {
    throw new RpcError("malformed", method);
  }
  return answer.result as Record<string, unknown>;
}

function asRpcError(error: unknown, method: string): RpcError {
  if (error instanceof RpcError) return error;
  const isTimeout = error instanceof Error && error.name === "TimeoutError";
  return new RpcError(isTimeout ? "timeout" : "network", method, { cause: error });
}

function latestLedger(result: Record<string, unknown>): LatestLedgerAnswer {
  requireLedger("getLatestLedger", result.sequence);
  const closeTimeS = Number(result.closeTime);
  return {
    sequence: result.sequence as number,
    ...(Number.isSafeInteger(closeTimeS) && closeTimeS > 0 && { closeTimeS }),
  };
}

function requireLedger(method: string, value: unknown): void {
  if (!Number.isSafeInteger(value))
    throw new RpcError("malformed", method, { detail: "no ledger" });
}

function requireOneOf(method: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string)) {
    throw new RpcError("malformed", method, { detail: "unknown status" });
  }
}

function asArray<Element>(value: unknown): Element[] {
  return Array.isArray(value) ? (value as Element[]) : [];
}
