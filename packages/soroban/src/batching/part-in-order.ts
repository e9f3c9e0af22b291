import type { SubmissionFailure } from "../intent/failure.ts";
import { VAULT_ERROR } from "../outcome/contract-error-code.ts";
import { present } from "../present.ts";

/** What the network says about some riders together, as far as it matters to who may ride. */
export type RideVerdict =
  | { readonly kind: "goes" }
  | { readonly kind: "refused"; readonly failure: SubmissionFailure }
  | { readonly kind: "duplicate"; readonly ledger: number };

/** What the network says of some riders together, and the ledger that it says it of. */
export interface RideAnswer {
  readonly verdict: RideVerdict;
  readonly ledger: number;
}

type Ask<Rider> = (riders: readonly Rider[]) => Promise<RideAnswer>;

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

/** How often two answers are asked for once more until they are of one ledger. */
const MOST_COMPARISONS = 3;

/**
 * Decides who of a refused batch may go, as if they were sent singly in order of arrival: the first
 * that fails beside those before it stays, and the search goes on behind it. `ask` says what the
 * network makes of some of them together; a call is refused as soon as one of its items is.
 * `ofAll`: what it has said about all of them already.
 *
 * Nodes may be some ledgers apart. A rider is left behind only when, in one and the same ledger, those
 * before it go without it and do not go with it; where no such ledger can be had, nobody else is.
 */
export async function partInOrder<Rider extends { readonly amountStroops: bigint }>(
  riders: readonly Rider[],
  ask: Ask<Rider>,
  ofAll?: RideAnswer,
): Promise<Parting<Rider>> {
  const goes: Rider[] = [];
  const left: LeftBehind<Rider>[] = [];
  let rest = riders;
  let failed = ofAll;
  let passed: RideAnswer | undefined;
  while (rest.length > 0) {
    failed ??= await ask([...goes, ...rest]);
    const first = await firstRefused(goes, rest, ask, { passed, failed });
    failed = undefined;
    if (first === undefined) {
      goes.push(...rest);
      break;
    }
    const { index, rider, verdict, ledger } = first;
    goes.push(...rest.slice(0, index));
    passed = { verdict: { kind: "goes" }, ledger };
    left.push({ rider, verdict });
    const behind = rest.slice(index + 1);
    if (isVaultWide(verdict)) {
      left.push(...behind.map((other) => ({ rider: other, verdict })));
      break;
    }
    const asked = await askHopeless(goes, { rider, verdict, ledger }, behind, ask);
    left.push(...asked);
    const told = new Set(asked.map((one) => one.rider));
    rest = behind.filter((other) => !told.has(other));
  }
  const leftBehind = new Map(left.map((one) => [one.rider, one]));
  return { goes, left: riders.flatMap((rider) => leftBehind.get(rider) ?? []) };
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
 * charged before, and then it is no refusal. An answer of another ledger than the one in which those
 * before go does not count.
 */
async function askHopeless<Rider extends { readonly amountStroops: bigint }>(
  goes: readonly Rider[],
  refused: LeftBehind<Rider> & { readonly ledger: number },
  behind: readonly Rider[],
  ask: Ask<Rider>,
): Promise<LeftBehind<Rider>[]> {
  const { rider: poor, verdict, ledger } = refused;
  const isTooLow =
    verdict.kind === "refused" && verdict.failure.contractError === VAULT_ERROR.insufficientBalance;
  if (!isTooLow) return [];
  const hopeless = behind.filter((other) => other.amountStroops >= poor.amountStroops);
  const answers = await Promise.all(
    hopeless.map(async (rider) => ({ rider, answer: await ask([...goes, rider]) })),
  );
  return answers.flatMap(({ rider, answer }) =>
    answer.verdict.kind === "goes" || answer.ledger !== ledger
      ? []
      : [{ rider, verdict: answer.verdict }],
  );
}

/** What is known of those before the riders in question, and of them with all of these. */
interface Known {
  readonly passed: RideAnswer | undefined;
  readonly failed: RideAnswer;
}

interface FirstRefused<Rider> extends LeftBehind<Rider> {
  readonly index: number;
  readonly ledger: number;
}

/**
 * The first of `rest` that fails beside those before it, by bisection: at most log₂ n + 1 calls
 * after the one for all of them. Where the vault refuses whoever asks, the first alone is asked.
 */
async function firstRefused<Rider>(
  goes: readonly Rider[],
  rest: readonly Rider[],
  ask: Ask<Rider>,
  known: Known,
): Promise<FirstRefused<Rider> | undefined> {
  let { passed, failed } = known;
  if (failed.verdict.kind === "goes") return undefined;
  let passing = 0;
  let failing = rest.length;
  while (failing - passing > 1) {
    const isSoonest = passing === 0 && isVaultWide(failed.verdict);
    const middle = isSoonest ? 1 : Math.floor((passing + failing) / 2);
    const answer = await ask([...goes, ...rest.slice(0, middle)]);
    if (answer.verdict.kind === "goes") {
      passing = middle;
      passed = answer;
    } else {
      failing = middle;
      failed = answer;
    }
  }
  const before = [...goes, ...rest.slice(0, passing)];
  const rider = present(rest[passing], "a batch without riders was refused");
  const compared = await inOneLedger(before, rider, ask, { passed, failed });
  return compared && { index: passing, rider, ...compared };
}

/**
 * Whether the riders before go without this one and not with it, in one and the same ledger.
 * Undefined when the network has changed its mind, or does not settle on a ledger.
 */
async function inOneLedger<Rider>(
  before: readonly Rider[],
  rider: Rider,
  ask: Ask<Rider>,
  known: Known,
): Promise<Pick<FirstRefused<Rider>, "verdict" | "ledger"> | undefined> {
  let { passed, failed } = known;
  for (let comparison = 0; ; comparison += 1) {
    const { verdict, ledger } = failed;
    if (verdict.kind === "goes") return undefined;
    if (before.length === 0) return { verdict, ledger };
    if (passed !== undefined && passed.verdict.kind !== "goes") return undefined;
    if (passed?.ledger === ledger) return { verdict, ledger };
    if (comparison === MOST_COMPARISONS) return undefined;
    [passed, failed] = await Promise.all([ask(before), ask([...before, rider])]);
  }
}
