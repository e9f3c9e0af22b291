import type { HealthCheck } from "../contracts/health.ts";

/** An answer slower than this is `degraded`. */
const EXTERNAL_DEGRADED_MS = 1_500;
/** More of an answer is not read: health answers are small. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Whether a Soroban RPC says that it is healthy; a JSON-RPC error is not ok. */
export function sorobanRpcCheck(url: string, timeoutMs: number): HealthCheck {
  return {
    name: "soroban_rpc",
    isRequired: false,
    timeoutMs,
    degradedAboveMs: EXTERNAL_DEGRADED_MS,
    async probe(signal) {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "getHealth" }),
        signal,
      });
      const answer = await readJson(response);
      const { result } = (answer ?? {}) as { result?: { status?: string } };
      return response.ok && result?.status === "healthy" ? "ok" : "degraded";
    },
  };
}

/** Whether an HTTP dependency answers with a success. */
export function httpCheck(name: string, url: string, timeoutMs: number): HealthCheck {
  return {
    name,
    isRequired: false,
    timeoutMs,
    degradedAboveMs: EXTERNAL_DEGRADED_MS,
    async probe(signal) {
      const response = await fetch(url, { signal });
      await response.body?.cancel();
      return response.ok ? "ok" : "degraded";
    },
  };
}

/** What a health answer holds; undefined when it is no JSON, or far too much of it. */
async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = response.body ?? [];
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest of the answer.
    if (bytes > MAX_ANSWER_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}
