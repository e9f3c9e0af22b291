import { chargeTerms } from "../charge/charge-terms.ts";
import type { ChannelRelease } from "../journal/channel-journal.ts";
import type { Outcome, Rider } from "../journal/submission-journal.ts";
import { decideAdoption } from "../outcome/decide-adoption.ts";
import { pollDelayMs } from "../pacing/ledger-pace.ts";
import { pacedCall } from "../pacing/paced-call.ts";
import type { SorobanRpc, TransactionAnswer } from "../rpc/soroban-rpc.ts";
import { findOriginalCharge } from "../vault/find-original-charge.ts";
import { resolveItem, resolveRiders } from "./resolve-item.ts";
import type { StepContext } from "./step-context.ts";
import { alone, type Step, type WorkItem } from "./work-item.ts";

/** A rider whose marker the contract remembers. */
export interface Remembered {
  readonly rider: Rider;
  /** A ledger in which the marker was there. */
  readonly ledger: number;
}

/**
 * How a rider ends that the contract remembers: the charge that the marker stands for is ours when
 * everything agrees, else the end is `unknown`. Undefined: the server cannot tell yet.
 */
async function adoptionOf(
  context: StepContext,
  { rider, ledger }: Remembered,
): Promise<Outcome | undefined> {
  const wanted = chargeTerms(context, rider);
  const vault = await context.vaultInterface(rider.vaultContractId);
  const original = await pacedCall(context, [wanted.marker], () =>
    findOriginalCharge(context.rpc, wanted, vault),
  );
  if (original === undefined) return undefined;
  const decision = decideAdoption(wanted, original, ledger);
  switch (decision.kind) {
    case "adopt":
      return { state: "confirmed", confirmation: decision.confirmation };
    case "refuse":
      return { state: "unknown", failure: decision.failure };
    case "wait":
      return undefined;
  }
}

/** Ends a submission of one rider by what its marker stands for. */
export async function adoptItem(
  context: StepContext,
  item: WorkItem,
  remembered: Remembered,
  channel?: ChannelRelease,
): Promise<Step> {
  const outcome = await adoptionOf(context, remembered);
  if (outcome === undefined) return later(context, item);
  return resolveItem(context, alone(item, remembered.rider), outcome, channel);
}

/**
 * Ends those riders of a submission without an open attempt that the contract remembers; the others
 * go on. Nobody goes on while one of them cannot be told yet.
 */
export async function adoptRiders(
  context: StepContext,
  item: WorkItem,
  remembered: readonly Remembered[],
  channel?: ChannelRelease,
): Promise<Step> {
  // One transaction may have charged them all.
  const shared = { ...context, rpc: sharingLookUps(context.rpc) };
  const ends = await Promise.all(
    remembered.map(async (one) => ({
      riders: [one.rider],
      outcome: await adoptionOf(shared, one),
    })),
  );
  const told = ends.flatMap(({ riders, outcome }) => (outcome ? [{ riders, outcome }] : []));
  if (told.length < ends.length) return later(context, item);
  return resolveRiders(context, item, told, channel);
}

/** The same client, which looks for a transaction once, however many ask. */
function sharingLookUps(rpc: SorobanRpc): SorobanRpc {
  const answers = new Map<string, Promise<TransactionAnswer>>();
  return {
    ...rpc,
    getTransaction: (hash) => {
      const known = answers.get(hash) ?? rpc.getTransaction(hash);
      answers.set(hash, known);
      return known;
    },
  };
}

function later(context: StepContext, item: WorkItem): Step {
  return { kind: "again", item, delayMs: pollDelayMs(context.pace(), 2, context.random()) };
}
