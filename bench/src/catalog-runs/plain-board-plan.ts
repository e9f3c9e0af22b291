/** A server that sends a board's bytes and knows nothing else. */
export interface PlainBoardPlan {
  /** `bare`: Fastify alone; else with every plugin that a service has. */
  readonly isBare: boolean;
  readonly port: number;
  readonly contextKeys: string;
  readonly body: string;
  readonly etag: string;
}
