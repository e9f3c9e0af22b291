import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import { RpcError } from "@orrery/soroban/rpc/rpc-error";
import type { SendAnswer, SorobanRpc } from "@orrery/soroban/rpc/soroban-rpc";
import { Counter } from "@prometheus-io/client";

/** `busy` is the network's own back-pressure; the engine sends again, and nothing has failed. */
const OUTCOMES = ["accepted", "duplicate", "busy", "rejected", "unreachable"] as const;
type SubmissionOutcome = (typeof OUTCOMES)[number];

const OUTCOME_OF: Readonly<Record<SendAnswer["status"], SubmissionOutcome>> = {
  PENDING: "accepted",
  DUPLICATE: "duplicate",
  TRY_AGAIN_LATER: "busy",
  ERROR: "rejected",
};

type CountSubmission = (outcome: SubmissionOutcome) => void;

/** The metric of submissions to the network: this file is the one owner of its name. */
export function createSubmissionMetrics(registry: MetricsRegistry): CountSubmission {
  const submissions = new Counter({
    name: "soroban_submissions_total",
    help: "Transactions given to the network, by its answer; unreachable: it gave none, to these or to their simulation.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  for (const outcome of OUTCOMES) submissions.inc({ outcome }, 0);
  return (outcome) => submissions.inc({ outcome });
}

/** The same client; each attempt to submit is counted once, also one that got no further than simulating. */
export function countedRpc(rpc: SorobanRpc, count: CountSubmission): SorobanRpc {
  const unreachable = (error: unknown): never => {
    if (error instanceof RpcError) count("unreachable");
    throw error;
  };
  return {
    getLatestLedger: () => rpc.getLatestLedger(),
    getTransaction: (hash) => rpc.getTransaction(hash),
    getLedgerEntries: (keys) => rpc.getLedgerEntries(keys),
    getFeeStats: () => rpc.getFeeStats(),
    getEvents: (request) => rpc.getEvents(request),
    simulateTransaction: (envelopeXdr) => rpc.simulateTransaction(envelopeXdr).catch(unreachable),
    sendTransaction: async (envelopeXdr) => {
      const answer = await rpc.sendTransaction(envelopeXdr).catch(unreachable);
      count(OUTCOME_OF[answer.status]);
      return answer;
    },
  };
}
