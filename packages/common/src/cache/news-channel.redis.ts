import { Type } from "typebox";
import type { Clock } from "../contracts/clock.ts";
import { compileCheck } from "../contracts/schema-check.ts";
import type { RaisedTopic } from "../repositories/outbox/outbox-repository.ts";
import { Breaker } from "./breaker.ts";
import { connectRedis, type RedisConnection } from "./redis-connection.ts";

export interface RedisNewsChannelOptions {
  url: string;
  clock: Clock;
  onRaised: (raised: readonly RaisedTopic[]) => void;
  /** Told of connection errors and of messages that are none of ours. */
  onError: (error: unknown) => void;
}

const TIMEOUT_MS = 100;
/** Keeps a message below a few hundred kilobytes. */
const TOPICS_IN_MESSAGE = 500;
const MAX_MESSAGE_LENGTH = 1024 * 1024;

const checkMessage = compileCheck(
  Type.Array(Type.Tuple([Type.String(), Type.String({ pattern: "^\\d{1,19}$" })]), {
    maxItems: TOPICS_IN_MESSAGE,
  }),
);

/**
 * Tells the other instances at once which topics were raised. It may lose anything: every instance
 * also looks at the generations by itself. Listening needs a connection of its own.
 */
export class RedisNewsChannel {
  readonly #publisher: RedisConnection;
  readonly #subscriber: RedisConnection;
  readonly #breaker: Breaker;
  readonly #name: string;

  constructor({ url, clock, onRaised, onError }: RedisNewsChannelOptions) {
    this.#publisher = connectRedis({ url, onError });
    this.#subscriber = connectRedis({ url, onError });
    this.#breaker = new Breaker(TIMEOUT_MS, clock);
    this.#name = channelName(url);
    const listen = (message: string) => {
      const raised = raisedIn(message);
      if (raised === undefined) onError(new Error("a message on the news channel is none of ours"));
      else onRaised(raised);
    };
    // Once subscribed, the client subscribes again by itself whenever it comes back.
    this.#subscriber.on("ready", () => {
      if (this.#subscriber.isPubSubActive) return;
      this.#subscriber.subscribe(this.#name, listen).catch(onError);
    });
  }

  get isListening(): boolean {
    return this.#subscriber.isReady && this.#subscriber.isPubSubActive;
  }

  async publish(raised: readonly RaisedTopic[]): Promise<void> {
    for (let at = 0; at < raised.length; at += TOPICS_IN_MESSAGE) {
      if (!this.#publisher.isReady) return;
      const message = JSON.stringify(
        raised
          .slice(at, at + TOPICS_IN_MESSAGE)
          .map(({ topic, generation }) => [topic, String(generation)]),
      );
      await this.#breaker.attempt(() => this.#publisher.publish(this.#name, message));
    }
  }

  async close(): Promise<void> {
    this.#publisher.destroy();
    this.#subscriber.destroy();
  }
}

/** Channels know no database numbers; deployments on two of them must not hear each other. */
function channelName(url: string): string {
  return `orrery:${new URL(url).pathname.slice(1) || "0"}:raised`;
}

function raisedIn(message: string): RaisedTopic[] | undefined {
  if (message.length > MAX_MESSAGE_LENGTH) return undefined;
  let pairs: unknown;
  try {
    pairs = JSON.parse(message);
  } catch {
    return undefined;
  }
  if (checkMessage(pairs).length > 0) return undefined;
  return (pairs as [string, string][]).map(([topic, generation]) => ({
    topic,
    generation: BigInt(generation),
  }));
}
