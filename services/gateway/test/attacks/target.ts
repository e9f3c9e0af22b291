import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import {
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
} from "../../src/testing/gateway-harness.ts";

/** A case of the attack list. */
export interface Attack {
  /** What is tried. */
  readonly attack: string;
  /** What would be lost if it worked. */
  readonly defends: string;
}

/** A gateway before services that remember what reached them. */
export interface Target {
  readonly gateway: TestGateway;
  readonly upstream: UpstreamServer;
  /** Of tenant acme, with every scope but `admin`. */
  readonly key: string;
  /** A request with the key and a Host; every line ends as the protocol wants. */
  head(requestLine: string, ...headers: string[]): string;
  /** Sends bytes as they are (as Latin-1); gives all that came back until the gateway closed. */
  send(bytes: string): Promise<string>;
  close(): Promise<void>;
}

export async function startTarget(env: Readonly<Record<string, string>> = {}): Promise<Target> {
  const upstream = await startUpstream();
  const gateway = await startGateway({
    BILLING_URL: upstream.url,
    CATALOG_URL: upstream.url,
    LIMIT_AUTH_FAILURES_PER_MINUTE: "100000",
    ...env,
  });
  const { key } = await gateway.createKey("acme");
  return {
    gateway,
    upstream,
    key,
    head: (requestLine, ...headers) =>
      [requestLine, "host: api.example", `x-api-key: ${key}`, ...headers, "", ""].join("\r\n"),
    send: (bytes) => send(gateway.port, bytes),
    close: async () => {
      await gateway.close();
      await upstream.close();
    },
  };
}

/** A reset after the answer is a way to close too: what came before it counts. */
function send(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
    let received = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      received += chunk;
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(received));
  });
}

/** The status of every answer in what came back. */
export function statusesOf(answer: string): number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/** A service that answers every request with the bytes of the moment, be they HTTP or not. */
export interface RawUpstream {
  readonly url: string;
  answer: string;
  /** Whether it hangs up after its answer. */
  hangsUp: boolean;
  close(): Promise<void>;
}

export async function startRawUpstream(): Promise<RawUpstream> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      if (!chunk.includes("\r\n\r\n")) return;
      socket.write(upstream.answer, "latin1");
      if (upstream.hangsUp) socket.end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const upstream: RawUpstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: "",
    hangsUp: false,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
  return upstream;
}
