import { connect } from "node:net";

const TIMEOUT_MS = 1_000;

/** Whether a Redis on this address answers PING now. */
export function pingRedis(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS });
    const finish = (isAnswering: boolean) => {
      socket.destroy();
      resolve(isAnswering);
    };
    socket.once("connect", () => socket.write("PING\r\n"));
    socket.once("data", (chunk) => finish(chunk.toString("latin1").startsWith("+PONG")));
    socket.once("timeout", () => finish(false));
    socket.once("error", () => finish(false));
    socket.once("close", () => finish(false));
  });
}
