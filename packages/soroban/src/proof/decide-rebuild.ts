/** What is known when an attempt is dead and its intent wants another. */
export interface RebuildKnowledge {
  /** The dead attempt's. */
  readonly sequence: bigint;
  readonly maxLedger: number;
  readonly chain: { readonly sequence?: bigint; readonly ledger: number };
}

export type RebuildDecision =
  /** The sequence is still unused: take it again, so that the ledger can apply only one of the two. */
  | { readonly kind: "same_sequence" }
  /** The reading is older than the dead attempt's bound: ask again. */
  | { readonly kind: "read_chain" }
  /**
   * The sequence is used up and none of our hashes was found: somebody else uses the account. With
   * its sequence gone the dead attempt can never be applied, so another channel is safe.
   */
  | { readonly kind: "other_channel"; readonly reason: string };

/** Which channel and sequence a rebuild takes. */
export function decideRebuild(known: RebuildKnowledge): RebuildDecision {
  const { chain, sequence } = known;
  if (chain.sequence !== undefined && chain.sequence >= sequence) {
    return { kind: "other_channel", reason: `sequence ${sequence} was used by somebody else` };
  }
  if (chain.ledger < known.maxLedger) return { kind: "read_chain" };
  if (chain.sequence === sequence - 1n) return { kind: "same_sequence" };
  return {
    kind: "other_channel",
    reason: `the account is at ${chain.sequence ?? "nothing"}, behind ${sequence}`,
  };
}
