/** The same GET again and again, in a closed loop or at a rate. */
export interface GetPlan {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
  /** An even rate over all connections; as fast as the answers come when left out. */
  readonly ratePerSecond?: number;
}

export interface GetResult {
  readonly generator: "wrk" | "autocannon";
  /** Answered below 400: 304 too. */
  readonly answered: number;
  readonly failures: number;
  readonly perSecond: number;
  readonly p99Ms: number;
}
