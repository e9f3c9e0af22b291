/**
 * Why a call gave no usable answer. All of them leave open whether the server acted on it.
 *
 * - `timeout`: no whole answer in time · `network`: no connection, or it broke
 * - `http`: a status other than 2xx · `json_rpc`: an error object
 * - `malformed`: an answer that is not what the method promises
 * - `lagging`: only answers that are too old to be used · `unavailable`: every server is left alone
 */
export type RpcErrorKind =
  | "timeout"
  | "network"
  | "http"
  | "json_rpc"
  | "malformed"
  | "lagging"
  | "unavailable";

/** The one error that the RPC client throws. Its message names the method, never the host. */
export class RpcError extends Error {
  readonly kind: RpcErrorKind;
  readonly method: string;
  /** The HTTP status, or the JSON-RPC error code. */
  readonly code?: number;

  constructor(
    kind: RpcErrorKind,
    method: string,
    options: { code?: number; detail?: string; cause?: unknown } = {},
  ) {
    const parts = [`${method}: ${kind}`, options.code, options.detail].filter(
      (part) => part !== undefined,
    );
    super(parts.join(" "), { cause: options.cause });
    this.name = "RpcError";
    this.kind = kind;
    this.method = method;
    if (options.code !== undefined) this.code = options.code;
  }
}
