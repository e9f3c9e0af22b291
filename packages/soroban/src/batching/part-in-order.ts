import type { SubmissionFailure } from "../intent/failure.ts";
import { VAULT_ERROR } from "../outcome/contract-error-code.ts";

/** What the network says about some riders together, as far as it matters to who may ride. */
export type RideVerdict =
  | { readonly kind: "goes" }
  | { readonly kind: "refused"; readonly failure: SubmissionFailure }
  | { readonly kind: "duplicate"; readonly ledger: number };

/** A rider that cannot go, and why. */
export interface LeftBehind<Rider> {
  readonly rider: Rider;
  readonly verdict: Exclude<RideVerdict, { kind: "goes" }>;
}

export interface Parting<Rider> {
  /** They go together, in order. */
  readonly goes: readonly Rider[];
  readonly left: readonly LeftBehind<Rider>[];
}

/** The contract's errors that say something about the vault, whoever rides. */
const VAULT_WIDE = new Set([1, 3, 4]);

/**
 * Decides who of a refused batch may go, as if they were sent singly in order of arrival: the first
 * that fails beside those before it stays, and the search goes on behind it. `ask` says what the
 * network makes of some of them together; a call is refused as soon as one of its items is.
 */
export async function partInOrder<Rider extends { readonly amountStroops: bigint }>(
  riders: readonly Rider[],
  ask: (riders: readonly Rider[]) => Promise<RideVerdict>,
): Promise<Parting<Rider>> {
  const goes: Rider[] = [];
  const left: LeftBehind<Rider>[] = [];
  let rest = riders;
  while (rest.length > 0) {
    const first = await firstRefused(goes, rest, ask);
    if (first === undefined) {
      goes.push(...rest);
      break;
    }
    const { index, rider, verdict } = first;
    goes.push(...rest.slice(0, index));
    left.push({ rider, verdict });
    const behind = rest.slice(index + 1);
    if (isVaultWide(verdict)) {
      left.push(...behind.map((other) => ({ rider: other, verdict })));
      break;
    }
    const asked = await askHopeless(goes, rider, verdict, behind, ask);
    left.push(...asked);
    const told = new Set(asked.map((one) => one.rider));
    rest = behind.filter((other) => !told.has(other));
  }
  const place = new Map(riders.map((rider, index) => [rider, index]));
  left.sort((a, b) => (place.get(a.rider) ?? 0) - (place.get(b.rider) ?? 0));
  return { goes, left };
}

/** Whether it is the vault that refuses, whoever asks. */
function isVaultWide(verdict: RideVerdict): boolean {
  if (verdict.kind !== "refused") return false;
  const { reason, contractError } = verdict.failure;
  return contractError === undefined
    ? reason === "contract_missing" || reason === "configuration"
    : VAULT_WIDE.has(contractError);
}

/**
 * When the balance is too low for a rider, then for all behind it that want as much: they are asked
 * for one by one, all at once, rather than searched for. Each has to be asked: it may have been
 * charged before, and then it is no refusal.
 */
async function askHopeless<Rider extends { readonly amountStroops: bigint }>(
  goes: readonly Rider[],
  refused: Rider,
  verdict: RideVerdict,
  behind: readonly Rider[],
  ask: (riders: readonly Rider[]) => Promise<RideVerdict>,
): Promise<LeftBehind<Rider>[]> {
  const isTooLow =
    verdict.kind === "refused" && verdict.failure.contractError === VAULT_ERROR.insufficientBalance;
  if (!isTooLow) return [];
  const hopeless = behind.filter((other) => other.amountStroops >= refused.amountStroops);
  const answers = await Promise.all(
    hopeless.map(async (rider) => ({ rider, verdict: await ask([...goes, rider]) })),
  );
  return answers.flatMap(({ rider, verdict: answer }) =>
    answer.kind === "goes" ? [] : [{ rider, verdict: answer }],
  );
}

/** The first of `rest` that fails beside those before it, by bisection: at most log₂ n + 1 calls. */
async function firstRefused<Rider>(
  goes: readonly Rider[],
  rest: readonly Rider[],
  ask: (riders: readonly Rider[]) => Promise<RideVerdict>,
) {
  let verdict = await ask([...goes, ...rest]);
  if (verdict.kind === "goes") return undefined;
  let passing = 0;
  let failing = rest.length;
  while (failing - passing > 1) {
    const middle = Math.floor((passing + failing) / 2);
    const answer = await ask([...goes, ...rest.slice(0, middle)]);
    if (answer.kind === "goes") {
      passing = middle;
    } else {
      failing = middle;
      verdict = answer;
    }
  }
  const index = failing - 1;
  const rider = rest[index];
  if (rider === undefined) throw new Error("a batch without riders was refused");
  return { index, rider, verdict };
}
