/** What is known about a channel with nothing unresolved on it. */
export interface SequenceKnowledge {
  /** The journal's own next sequence; undefined when it has to be read. */
  readonly journal?: bigint;
  /** A reading of the account; `sequence` undefined: no such account at that ledger. */
  readonly chain?: { readonly sequence?: bigint; readonly ledger: number };
  /** The ledger of the channel's last resolution: older readings say nothing. */
  readonly lastResolvedLedger: number;
}

export type SequenceDecision =
  | { readonly kind: "use"; readonly sequence: bigint }
  | { readonly kind: "read_chain" }
  | { readonly kind: "absent" };

/**
 * The sequence of a free channel's next transaction: what the journal keeps, else the chain's plus
 * one, read at or past the ledger of the channel's last resolution. A staler reading is asked again.
 */
export function decideSequence(known: SequenceKnowledge): SequenceDecision {
  if (known.journal !== undefined) return { kind: "use", sequence: known.journal };
  const { chain } = known;
  if (chain === undefined || chain.ledger < known.lastResolvedLedger) return { kind: "read_chain" };
  if (chain.sequence === undefined) return { kind: "absent" };
  return { kind: "use", sequence: chain.sequence + 1n };
}
