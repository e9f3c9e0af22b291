import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Opened at a time: a listener's backlog is not endless. */
const AT_A_TIME = 200;

/** Opens connections that each have one call answered, and then say nothing more. */
export async function openIdle(url: string, head: string, count: number): Promise<Socket[]> {
  const port = Number(new URL(url).port);
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(AT_A_TIME, count - sockets.length) }, () =>
      openOne(port, head),
    );
    sockets.push(...(await Promise.all(some)));
  }
  return sockets;
}

async function openOne(port: number, head: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(head);
  const [answer] = (await once(socket, "data")) as [Buffer];
  if (!answer.toString("latin1").startsWith("HTTP/1.1 200 ")) {
    throw new Error(`an idle connection was answered ${answer.toString("latin1").slice(0, 60)}`);
  }
  socket.on("error", () => undefined);
  return socket;
}

/** How many of them the other side has not closed. */
export function stillOpen(sockets: readonly Socket[]): number {
  return sockets.filter(({ readyState }) => readyState === "open").length;
}
