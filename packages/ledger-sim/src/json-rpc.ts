/** An error that the caller gets as a JSON-RPC error object. */
export class JsonRpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
export const METHOD_NOT_FOUND = -32_601;
const INVALID_PARAMS = -32_602;
export const INTERNAL_ERROR = -32_603;

export function invalidParams(message: string): JsonRpcError {
  return new JsonRpcError(INVALID_PARAMS, message);
}

export function invalidRequest(message: string): JsonRpcError {
  return new JsonRpcError(INVALID_REQUEST, message);
}

export type RequestId = string | number | null;

export interface JsonRpcRequest {
  /** Absent in a notification, which gets no answer. */
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: Params;
}

export type Params = Readonly<Record<string, unknown>>;

/**
 * Reads a single request; batches are refused, parameters go by name.
 * @throws {JsonRpcError}
 */
export function parseRequest(body: string): JsonRpcRequest {
  const parsed = parseJson(body);
  if (Array.isArray(parsed)) throw invalidRequest("batch requests are not accepted");
  if (!isObject(parsed)) throw invalidRequest("a request is an object");
  const { jsonrpc, id, method, params } = parsed;
  if (jsonrpc !== "2.0") throw invalidRequest('jsonrpc must be "2.0"');
  if (typeof method !== "string") throw invalidRequest("method must be a string");
  if (!isRequestId(id)) throw invalidRequest("id must be a string, a number or null");
  if (params != null && !isObject(params)) throw invalidParams("params must be an object");
  return { id, method, params: isObject(params) ? params : {} };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new JsonRpcError(PARSE_ERROR, "the body is not JSON");
  }
}

function isRequestId(id: unknown): id is RequestId | undefined {
  return id == null || typeof id === "string" || typeof id === "number";
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function successBody(id: RequestId, result: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id, result });
}

export function errorBody(id: RequestId, error: JsonRpcError): string {
  const { code, message, data } = error;
  return JSON.stringify({ jsonrpc: "2.0", id, error: { code, message, data } });
}
