import { DeductionFailedError } from "./deduction-failed-error.ts";
import type { Answer, Body, Input } from "./operation.ts";
import { OrreryError } from "./orrery-error.ts";
import { pathSegment } from "./path.ts";
import { pause, reasonOf } from "./pause.ts";
import { retryAfterMs } from "./retry-after.ts";
import { within } from "./within.ts";

export type NewDeduction = Input<"deduct">["body"];
type RequestState = Body<"getRequest">;

/** What became of a deduction; `pending` when the wait was over first: it will still be decided. */
export type DeductionState =
  | { readonly status: "confirmed"; readonly charge: Charge }
  | { readonly status: "reserved" | "pending"; readonly requestId: string };

interface Charge {
  readonly usageEventId: string;
  readonly requestId: string;
  readonly amountUsdc: string;
  readonly stellarTxHash: string | null;
  readonly ledger: number | null;
  /** Whether an earlier call had charged it. */
  readonly alreadyProcessed: boolean;
}

export interface DeductionOptions {
  /**
   * How long to wait for the chain; 2 minutes unless given. It bounds every look at the state; the sending is a
   * call like any other, which `timeoutMs`, its retries and `signal` bound.
   */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/** What of the client it takes. */
interface Calls {
  deduct(input: Input<"deduct">): Promise<Answer<"deduct">>;
  find(input: Input<"getRequest">): Promise<Answer<"getRequest">>;
}

interface Timing {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Of one attempt. */
  readonly timeoutMs: number;
}

const DEFAULT_WAIT_MS = 120_000;
/** The longest that the API waits by itself. */
const MAX_SERVER_WAIT_MS = 30_000;
/** What an attempt has beside the API's own wait, to bring the answer back. */
const ANSWER_MARGIN_MS = 5_000;
/** Unless the API says when. */
const FIRST_LOOK_MS = 1_000;
const LEAST_LOOK_MS = 100;
const LAST_LOOK_MS = 10_000;
/** How long before the wait's end the last look begins. */
const LOOK_ROOM_MS = 1_000;

/** Sends a deduction, then asks for its state ever more rarely until it is decided. */
export async function deductAndWait(
  calls: Calls,
  deduction: NewDeduction,
  { waitMs = DEFAULT_WAIT_MS, signal }: DeductionOptions,
  { clock, timeoutMs }: Timing,
): Promise<DeductionState> {
  const { requestId } = deduction;
  // Before anything is sent: its state is asked for by its path.
  pathSegment(requestId);
  const untilMs = clock() + waitMs;
  const serverWaitMs = Math.min(MAX_SERVER_WAIT_MS, waitMs, timeoutMs - ANSWER_MARGIN_MS);
  const answer = await sent(calls, {
    body: deduction,
    headers: {
      prefer: serverWaitMs < 1_000 ? "respond-async" : `wait=${Math.floor(serverWaitMs / 1_000)}`,
    },
    ...(signal !== undefined && { signal }),
  });
  if (answer.status !== 202) return { status: "confirmed", charge: answer.body };
  if (answer.body.status === "reserved") return { status: "reserved", requestId };
  const firstLookMs = retryAfterMs(answer.headers.get("retry-after"), clock()) ?? FIRST_LOOK_MS;
  const leftMs = () => untilMs - clock();
  const wait = { requestId, firstLookMs, leftMs, signal };
  return decided((forMs) => look(calls, requestId, forMs, signal), wait);
}

/** What was refused at once is thrown as what was refused later. */
async function sent(calls: Calls, input: Input<"deduct">): Promise<Answer<"deduct">> {
  try {
    return await calls.deduct(input);
  } catch (error) {
    if (!(error instanceof OrreryError) || error.code !== "deduction_rejected") throw error;
    const told = error.problem?.["contractError"];
    const failure = { contractError: typeof told === "number" ? told : undefined };
    throw new DeductionFailedError(input.body.requestId, failure, { cause: error });
  }
}

interface Wait {
  readonly requestId: string;
  readonly firstLookMs: number;
  readonly leftMs: () => number;
  readonly signal: AbortSignal | undefined;
}

/** Looks until it is decided or the wait is over; the last look leaves itself time. */
async function decided(
  lookFor: (forMs: number) => Promise<Sight>,
  { requestId, firstLookMs, leftMs, signal }: Wait,
): Promise<DeductionState> {
  let wantedMs = firstLookMs;
  let askedMs = 0;
  for (let left = leftMs(); left > 0; left = leftMs()) {
    const latestMs = left - Math.min(LOOK_ROOM_MS, left / 2);
    const pauseForMs = Math.min(left, Math.max(askedMs, Math.min(wantedMs, latestMs)));
    await pause(pauseForMs, signal);
    // The API asked for more than was left.
    if (pauseForMs === left) break;
    const { state, retryAfterMs: nextMs = 0 } = await lookFor(leftMs());
    if (state?.status === "failed") throw new DeductionFailedError(requestId, state.failure);
    if (state?.status === "reserved") return { status: "reserved", requestId };
    if (state?.status === "confirmed") return { status: "confirmed", charge: chargeOf(state) };
    // That was the last look.
    if (pauseForMs >= latestMs) break;
    askedMs = nextMs;
    wantedMs = Math.min(LAST_LOOK_MS, Math.max(LEAST_LOOK_MS, wantedMs * 2));
  }
  return { status: "pending", requestId };
}

function chargeOf(state: RequestState): Charge {
  const { usageEventId, requestId, amountUsdc, stellarTxHash, ledger } = state;
  return { usageEventId, requestId, amountUsdc, stellarTxHash, ledger, alreadyProcessed: false };
}

/** The state where it could be seen; else when the API wants to be asked again, where it said so. */
interface Sight {
  readonly state?: RequestState;
  readonly retryAfterMs?: number | undefined;
}

/** Whatever becomes of it, the deduction is accepted: nothing is thrown but the signal's reason. */
async function look(
  calls: Calls,
  requestId: string,
  forMs: number,
  signal: AbortSignal | undefined,
): Promise<Sight> {
  const over = () => new Error("the wait is over");
  try {
    const { body } = await within(forMs, over, signal, (bounded) =>
      calls.find({ path: { requestId }, signal: bounded }),
    );
    return { state: body };
  } catch (error) {
    if (signal?.aborted === true) throw reasonOf(signal);
    return error instanceof OrreryError ? { retryAfterMs: error.retryAfterMs } : {};
  }
}
