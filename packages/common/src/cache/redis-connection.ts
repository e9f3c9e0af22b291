import { createClient } from "redis";

export interface RedisConnectionOptions {
  url: string;
  /** Told of every connection error; the connection comes back by itself. */
  onError: (error: unknown) => void;
}

export type RedisConnection = ReturnType<typeof connectRedis>;

const CONNECT_TIMEOUT_MS = 2_000;
const MAX_RECONNECT_DELAY_MS = 1_000;

/** A connection that refuses commands while Redis is away, and tries for ever to come back. */
export function connectRedis({ url, onError }: RedisConnectionOptions) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (retries) =>
        Math.min(50 * 2 ** Math.min(retries, 5), MAX_RECONNECT_DELAY_MS),
    },
  });
  client.on("error", onError);
  // The reconnect strategy never gives up, so that this settles by connecting or by closing.
  client.connect().catch(onError);
  return client;
}
