import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { BenchContext } from "../harness/bench.ts";
import { RoundTripCounter } from "./round-trip-counter.ts";

/** A way to a Postgres on which the round trips of one application are counted. */
export interface PostgresDoor {
  /** The database's URL through this door. */
  readonly url: string;
  /** Since the last call. */
  takeRoundTrips(): number;
}

/** Opens a door to the database of `databaseUrl`; counts what connections of `application` ask. */
export async function openPostgresDoor(
  { cleanup }: Pick<BenchContext, "cleanup">,
  databaseUrl: string,
  application: string,
): Promise<PostgresDoor> {
  const target = new URL(databaseUrl);
  let roundTrips = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const postgres = connect(Number(target.port), target.hostname);
    const counter = new RoundTripCounter(application, () => {
      roundTrips += 1;
    });
    client.on("data", (chunk: Buffer) => counter.read(chunk));
    client.pipe(postgres).pipe(client);
    for (const [socket, other] of [
      [client, postgres],
      [postgres, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  cleanup.defer(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const url = new URL(databaseUrl);
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    takeRoundTrips: () => {
      const taken = roundTrips;
      roundTrips = 0;
      return taken;
    },
  };
}
