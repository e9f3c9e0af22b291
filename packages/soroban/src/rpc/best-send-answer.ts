import type { SendAnswer } from "./soroban-rpc.ts";

/** From the most to the least telling: one node that holds it is enough. */
const RANK: Readonly<Record<SendAnswer["status"], number>> = {
  PENDING: 0,
  DUPLICATE: 1,
  ERROR: 2,
  TRY_AGAIN_LATER: 3,
};

/**
 * What several nodes' answers to the same bytes come to. None of them decides an outcome; of two
 * errors the one read at the newer ledger counts, since a lagging node misjudges sequences.
 */
export function bestSendAnswer(answers: readonly SendAnswer[]): SendAnswer | undefined {
  const [best] = answers.toSorted(
    (a, b) => RANK[a.status] - RANK[b.status] || b.latestLedger - a.latestLedger,
  );
  return best;
}
