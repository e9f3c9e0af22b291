/** One answer of NOT_FOUND for every hash that was ever stored, all read in the same poll. */
export interface AbsenceReading {
  /** Tells polls apart: a proof needs two different ones. */
  readonly pollId: number;
  /** The smallest of the answers' latest ledgers. */
  readonly latestLedger: number;
  /** The largest of the answers' oldest ledgers. */
  readonly oldestLedger: number;
}

export type MarkerReading =
  | { readonly kind: "absent" | "present"; readonly ledger: number }
  /** The contract keeps no markers: the sequence rule alone guards. */
  | { readonly kind: "unsupported"; readonly ledger: number };

/** What is known about an attempt that has not been found. */
export interface DeathEvidence {
  readonly maxLedger: number;
  readonly ledgerAtBuild: number;
  readonly sequence: bigint;
  readonly absences: readonly AbsenceReading[];
  /** The channel's sequence on chain, with the ledger of the reading. */
  readonly channel?: { readonly sequence: bigint; readonly ledger: number };
  readonly marker?: MarkerReading;
  /** How many ledgers a persistent entry lives at least; past that a marker proves nothing. */
  readonly minPersistentTtlLedgers: number;
}

/** What the evidence amounts to, or what is missing. */
export type DeathVerdict =
  /** The transaction can never be applied. `by` says which rule proved it. */
  | {
      readonly kind: "dead";
      readonly by: "bounds" | "sequence" | "marker";
      readonly ledger: number;
    }
  /** The charge is in the contract's memory although no hash of ours was found. */
  | { readonly kind: "charged"; readonly ledger: number }
  | { readonly kind: "need_marker" }
  | { readonly kind: "need_absence" }
  /** Past retention, and nothing that is left decides. */
  | { readonly kind: "undecidable" };

/** A getTransaction answer reads the row before the ledger range: two ledgers cover the race. */
const RACE_LEDGERS = 2;

/**
 * Whether an attempt is proven dead: NOT_FOUND for every hash in two different polls, from answers
 * that cover its whole life (to `maxLedger + 2`, or to two ledgers past a reading of the channel's
 * sequence at or above ours), and the marker absent, read at or past `maxLedger`. Past retention the
 * marker decides alone while it is young enough to be there.
 */
export function proveDeath(evidence: DeathEvidence): DeathVerdict {
  const { absences, maxLedger } = evidence;
  const byBounds = provenAt(evidence, maxLedger + RACE_LEDGERS);
  const used = evidence.channel;
  const bySequence =
    used !== undefined && used.sequence >= evidence.sequence
      ? provenAt(evidence, used.ledger + RACE_LEDGERS)
      : undefined;
  const proof = byBounds ?? bySequence;
  if (proof !== undefined) {
    const by = byBounds === undefined ? "sequence" : "bounds";
    return withMarker(evidence, { kind: "dead", by, ledger: proof });
  }
  if (!isPastRetention(evidence, maxLedger + RACE_LEDGERS)) return { kind: "need_absence" };
  const newest = Math.max(...absences.map((absence) => absence.latestLedger));
  const isTooOld = newest - maxLedger >= evidence.minPersistentTtlLedgers;
  if (isTooOld || evidence.marker?.kind === "unsupported") return { kind: "undecidable" };
  return withMarker(evidence, { kind: "dead", by: "marker", ledger: newest });
}

/** The second of two polls that both cover the attempt's life up to `ledger`. */
function provenAt(evidence: DeathEvidence, ledger: number): number | undefined {
  const covering = evidence.absences.filter(
    (absence) => absence.latestLedger >= ledger && absence.oldestLedger <= evidence.ledgerAtBuild,
  );
  const polls = new Set(covering.map((absence) => absence.pollId));
  return polls.size < 2 ? undefined : Math.max(...covering.map((absence) => absence.latestLedger));
}

/** Two polls came late enough, but what they cover begins after the attempt was built. */
function isPastRetention(evidence: DeathEvidence, ledger: number): boolean {
  const late = evidence.absences.filter(
    (absence) => absence.latestLedger >= ledger && absence.oldestLedger > evidence.ledgerAtBuild,
  );
  return new Set(late.map((absence) => absence.pollId)).size >= 2;
}

function withMarker(evidence: DeathEvidence, dead: DeathVerdict): DeathVerdict {
  const { marker, maxLedger } = evidence;
  if (marker?.kind === "present") return { kind: "charged", ledger: marker.ledger };
  if (marker === undefined || marker.ledger < maxLedger) return { kind: "need_marker" };
  return dead;
}
