import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import type { Scope } from "@orrery/common/contracts/scope";
import { composeGateway, type Gateway } from "../compose.ts";
import { readConfig } from "../config.ts";

export const ADMIN_TOKEN = "an-admin-token-for-tests-of-40-characters";
export const JWT_SECRET = "a-jwt-secret-for-tests-of-40-characters!";
export const CONTEXT_SECRET = Buffer.alloc(32, 7);

export interface UpstreamServer {
  readonly url: string;
  /** What answers from now on. */
  handler: RequestListener;
  /** Requests that arrived, in order. */
  readonly requests: IncomingMessage[];
  close(): Promise<void>;
}

/** A real HTTP server in the place of a service; echoes what it got unless told otherwise. */
export async function startUpstream(): Promise<UpstreamServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    upstream.handler(request, response);
  });
  const upstream: UpstreamServer = {
    url: await listen(server),
    handler: echo,
    requests,
    close: () => stop(server),
  };
  return upstream;
}

/** Answers 200 with the request: method, url, raw headers and body. */
export function echo(request: IncomingMessage, response: ServerResponse): void {
  const answer = (body: string) => {
    const { method, url, headers, rawHeaders } = request;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ method, url, headers, rawHeaders, body }));
  };
  // A request that breaks off has nobody to answer.
  text(request).then(answer, () => response.destroy());
}

export interface TestGateway {
  readonly url: string;
  readonly port: number;
  readonly gateway: Gateway;
  readonly lines: string[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
  admin(path: string, init?: RequestInit): Promise<Response>;
  /** Makes the tenant when it is not there, and a key of it. */
  createKey(tenantId: string, scopes?: readonly Scope[]): Promise<{ id: string; key: string }>;
  close(): Promise<void>;
}

/** A whole gateway on a free port, state in memory unless `env` names a database. */
export async function startGateway(env: Readonly<Record<string, string>>): Promise<TestGateway> {
  const lines: string[] = [];
  const config = readConfig({
    CONTEXT_SIGNING_KEYS: `k1:${CONTEXT_SECRET.toString("base64")}`,
    ADMIN_TOKEN,
    JWT_SECRET,
    ...env,
  });
  const gateway = composeGateway(config, { write: (line) => void lines.push(line) });
  await gateway.start();
  const url = await gateway.app.listen({ host: "127.0.0.1", port: 0 });
  const call = (path: string, init?: RequestInit) => fetch(`${url}${path}`, init);
  const admin = (path: string, init?: RequestInit) => {
    const headers = new Headers(init?.headers);
    headers.set("authorization", `Bearer ${ADMIN_TOKEN}`);
    if (init?.body !== undefined) headers.set("content-type", "application/json");
    return call(`/api/v1/admin${path}`, { ...init, headers });
  };
  return {
    url,
    port: Number(new URL(url).port),
    gateway,
    lines,
    fetch: call,
    admin,
    createKey: (tenantId, scopes) => createKey(admin, tenantId, scopes),
    close: async () => {
      gateway.health.drain();
      await gateway.app.close();
      for (const close of gateway.closers) await close();
    },
  };
}

const ALL_BUT_ADMIN: readonly Scope[] = [
  "billing:write",
  "billing:read",
  "catalog:write",
  "catalog:read",
];

async function createKey(
  admin: TestGateway["admin"],
  tenantId: string,
  scopes: readonly Scope[] = ALL_BUT_ADMIN,
): Promise<{ id: string; key: string }> {
  const tenant = await admin("/tenants", {
    method: "POST",
    body: JSON.stringify({ id: tenantId, name: tenantId }),
  });
  if (tenant.status !== 201 && tenant.status !== 409) {
    throw new Error(`the tenant was not made: ${await tenant.text()}`);
  }
  const made = await admin(`/tenants/${tenantId}/keys`, {
    method: "POST",
    body: JSON.stringify({ name: "test", scopes }),
  });
  if (made.status !== 201) throw new Error(`the key was not made: ${await made.text()}`);
  return (await made.json()) as { id: string; key: string };
}

/** Sends bytes as they are and gives everything that came back until the other side closed. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let received = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      received += chunk;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(received));
  });
}

/** The address of a port where nothing listens. */
export async function unreachableUrl(): Promise<string> {
  const server = createServer();
  const url = await listen(server);
  await stop(server);
  return url;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}
