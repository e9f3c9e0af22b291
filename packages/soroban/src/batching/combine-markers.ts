import type { MarkerReading } from "../proof/dead-proof.ts";

/**
 * What the markers of all riders say together: present when one of them is, since it then needs a
 * look at each; absent at the oldest of the readings.
 */
export function combineMarkers(readings: readonly MarkerReading[]): MarkerReading {
  const present = readings.find(({ kind }) => kind === "present");
  if (present !== undefined) return present;
  const ledger = Math.min(...readings.map((reading) => reading.ledger));
  const kinds = new Set(readings.map(({ kind }) => kind));
  return { kind: kinds.has("unsupported") ? "unsupported" : "absent", ledger };
}
