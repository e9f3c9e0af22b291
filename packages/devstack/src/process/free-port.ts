import { createServer } from "node:net";
import { errorCode } from "../stack-failure.ts";

const LOOPBACK = "127.0.0.1";

/** Below those that systems give to outgoing connections: none of them comes in between. */
const FIRST_PORT = 20_000;
const PORTS = 12_000;
/** Where each process begins to look, so that two that look at once do not find the same. */
const PORTS_PER_PROCESS = 30;

let looked = 0;

/**
 * A TCP port of 127.0.0.1 that nothing listens on at this moment, and that neither the system nor
 * another call of this is likely to give to somebody else before it is used.
 */
export async function findFreePort(): Promise<number> {
  const start = process.pid * PORTS_PER_PROCESS;
  for (let tries = 0; tries < PORTS; tries += 1) {
    const port = FIRST_PORT + ((start + looked) % PORTS);
    looked += 1;
    if (await isPortFree(port)) return port;
  }
  throw new Error("no free TCP port on 127.0.0.1");
}

/** Whether `port` of `host` can be listened on now. */
export async function isPortFree(port: number, host = LOOPBACK): Promise<boolean> {
  return (await listenOnce(port, host)) !== undefined;
}

function listenOnce(port: number, host = LOOPBACK): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => {
      const code = errorCode(error);
      return code === "EADDRINUSE" || code === "EACCES" ? resolve(undefined) : reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}
