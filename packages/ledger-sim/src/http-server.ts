import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  errorBody,
  INTERNAL_ERROR,
  JsonRpcError,
  parseRequest,
  type RequestId,
  successBody,
} from "./json-rpc.ts";
import { AnswerLost } from "./methods/send-transaction.ts";
import { HttpFault, type Simulator } from "./simulator.ts";

const MOST_BODY_BYTES = 1_048_576;

/** Answers a request that is not JSON-RPC; gives nothing when the path is not its own. */
export type SideRoute = (url: URL) => Promise<{ status: number; body: unknown }> | undefined;

export interface HttpServerOptions {
  readonly simulator: Simulator;
  readonly sideRoute: SideRoute;
  readonly onFault: (error: unknown) => void;
}

/** Serves JSON-RPC on every path that is not another's, and the probes. */
export function createHttpServer(options: HttpServerOptions): Server {
  const server = createServer((request, response) => {
    handle(request, response, options).catch((error: unknown) => {
      options.onFault(error);
      request.socket.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

/** Resolves with the port once the server listens. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://ledger");
  if (url.pathname === "/livez" || url.pathname === "/readyz") {
    return send(response, 200, JSON.stringify({ status: "ok" }));
  }
  const side = await options.sideRoute(url);
  if (side) return send(response, side.status, JSON.stringify(side.body));
  if (request.method !== "POST") {
    response.setHeader("allow", "POST");
    return send(response, 405, JSON.stringify({ error: "JSON-RPC is served by POST" }));
  }
  const body = await readBody(request);
  if (body === undefined) {
    response.setHeader("connection", "close");
    return send(response, 413, JSON.stringify({ error: `more than ${MOST_BODY_BYTES} bytes` }));
  }
  await answerRpc(body, request, response, options);
}

async function answerRpc(
  body: string,
  request: IncomingMessage,
  response: ServerResponse,
  { simulator, onFault }: HttpServerOptions,
): Promise<void> {
  let id: RequestId = null;
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    const parsed = parseRequest(body);
    id = parsed.id ?? null;
    const result = await simulator.call(parsed.method, parsed.params, gone.signal);
    if (parsed.id === undefined) return send(response, 204, "");
    return send(response, 200, successBody(id, result));
  } catch (error) {
    if (gone.signal.aborted) return;
    if (error instanceof AnswerLost) return void request.socket.destroy();
    if (error instanceof HttpFault) {
      return send(response, error.status, JSON.stringify({ error: error.message }));
    }
    if (error instanceof JsonRpcError) return send(response, 200, errorBody(id, error));
    onFault(error);
    const internal = new JsonRpcError(INTERNAL_ERROR, "internal error");
    send(response, 200, errorBody(id, internal));
  }
}

/** Reads the body; nothing when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body);
}
