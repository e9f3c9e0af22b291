import { connect, createServer, type Socket } from "node:net";

/** A way to Redis that a test can shut. */
export interface RedisDoor {
  /** Leads through the door to the same database. */
  readonly url: string;
  /** Nothing comes through any more, and nothing is lost, as with a process that was stopped. */
  hang(): void;
  /** What waited comes through. */
  release(): void;
  /** Connections break and new ones are refused. */
  close(): Promise<void>;
  reopen(): Promise<void>;
}

export async function openRedisDoor(target: string): Promise<RedisDoor> {
  const { port, pathname } = new URL(target);
  const sockets = new Set<Socket>();
  let isHanging = false;
  const server = createServer((inside) => {
    const outside = connect(Number(port), "127.0.0.1");
    for (const socket of [inside, outside]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        inside.destroy();
        outside.destroy();
      });
    }
    inside.on("data", (bytes) => outside.write(bytes));
    outside.on("data", (bytes) => inside.write(bytes));
    if (isHanging) for (const socket of [inside, outside]) socket.pause();
  });
  const listen = (at: number) =>
    new Promise<number>((resolve) => {
      server.listen(at, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
  const at = await listen(0);
  return {
    url: `redis://127.0.0.1:${at}${pathname}`,
    hang: () => {
      isHanging = true;
      for (const socket of sockets) socket.pause();
    },
    release: () => {
      isHanging = false;
      for (const socket of sockets) socket.resume();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    reopen: async () => {
      await listen(at);
    },
  };
}
