/** A channel account that a worker may build one transaction with. */
export interface ChannelLease {
  readonly index: number;
  readonly publicKey: string;
  /**
   * The sequence number of the next transaction; undefined when it must be read from the chain
   * first (a new channel, or one whose last sequence may or may not have been used).
   */
  readonly nextSequence?: bigint;
  /** A chain read older than this ledger says nothing about the channel. */
  readonly lastResolvedLedger: number;
  readonly epoch: bigint;
}

/** What becomes of a channel that is given back. */
export interface ChannelRelease {
  readonly index: number;
  /** Left out: unknown, to be read from the chain by whoever leases it next. */
  readonly nextSequence?: bigint;
  /** The ledger in which its last transaction was resolved; never goes back. */
  readonly resolvedLedger?: number;
  /** Kept from use until then, with the reason for operators. */
  readonly quarantine?: { readonly untilMs: number; readonly reason: string };
}

/** A channel as the pool knows it. */
export interface ChannelRecord {
  readonly index: number;
  readonly publicKey: string;
  /**
   * `absent`: not known to exist on chain · `ready` · `leased` by a worker that is building ·
   * `bound` to a submission until it is resolved · `quarantined`
   */
  readonly state: "absent" | "ready" | "leased" | "bound" | "quarantined";
}

/**
 * The channel accounts. A lease is short and expires by itself; the bond to a submission begins and
 * ends in the transactions of `prepare` and `resolve`, so that no crash can leak a channel.
 */
export interface ChannelJournal {
  /**
   * Makes the rows that are missing, as `absent`.
   * @throws {Error} when an index is known under another public key: the master secret was changed
   */
  ensureChannels(
    channels: readonly { readonly index: number; readonly publicKey: string }[],
  ): Promise<void>;

  listChannels(): Promise<ChannelRecord[]>;

  /** `absent` → `ready`: they exist on chain. Their sequence is read by the first who leases them. */
  markChannelsReady(indexes: readonly number[]): Promise<void>;

  /**
   * The least recently used channel that is free below `count`: ready, or leased or quarantined
   * until a time that is past. Undefined when there is none.
   */
  leaseChannel(request: {
    readonly count: number;
    readonly nowMs: number;
    readonly leaseUntilMs: number;
  }): Promise<ChannelLease | undefined>;

  /** Gives back a channel that was leased and not bound. False when the lease is another's by now. */
  releaseChannel(lease: ChannelLease, release: ChannelRelease): Promise<boolean>;

  /** `ready` → `quarantined`: kept from use until then. False in any other state. */
  quarantineChannel(
    index: number,
    quarantine: { readonly untilMs: number; readonly reason: string },
  ): Promise<boolean>;

  /** `leased` → `absent`: the account is not on chain after all. */
  markChannelAbsent(lease: ChannelLease): Promise<boolean>;
}

/** What both adapters say when the master secret does not fit the stored channels. */
export function channelKeyChanged(index: number): string {
  return `channel ${index} is stored under another public key: was the channel master secret changed?`;
}
