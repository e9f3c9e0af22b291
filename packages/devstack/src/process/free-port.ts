import { createServer } from "node:net";
import { errorCode } from "../stack-failure.ts";

const LOOPBACK = "127.0.0.1";

/** A TCP port of 127.0.0.1 that nothing listens on at this moment. */
export async function findFreePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) {
    throw new Error("no free TCP port on 127.0.0.1");
  }
  return port;
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
