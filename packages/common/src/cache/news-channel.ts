import type { RaisedTopic } from "../repositories/outbox/outbox-repository.ts";

/**
 * Tells the other instances at once which topics were raised. It may lose anything: every instance
 * also looks at the generations by itself.
 */
export interface NewsChannel {
  publish(raised: readonly RaisedTopic[]): Promise<void>;
  close(): Promise<void>;
}
