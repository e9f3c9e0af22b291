import { ProblemError } from "@orrery/common/contracts/errors";
import { namedUuid } from "@orrery/common/contracts/id";
import type { Effect } from "@orrery/common/repositories/idempotency/effect";
import type {
  NewStream,
  SettlingAction,
  Stream,
  StreamChange,
  StreamStatus,
} from "@orrery/common/repositories/stream/stream";
import type {
  LockedStream,
  StreamCharge,
  StreamPage,
  StreamPageRequest,
  StreamReading,
  StreamRepository,
} from "@orrery/common/repositories/stream/stream-repository";
import { settlementSubject } from "@orrery/common/repositories/stream/stream-settlement";
import { deriveMarker } from "@orrery/soroban/intent/marker";
import type { SubmissionIntent } from "@orrery/soroban/intent/submission-intent";
import type { Admission, Backlog } from "../admission/backlog.ts";
import { failureProblem } from "../deductions/failure-problem.ts";
import type { SettlementWaiter } from "../deductions/settlement-waiter.ts";
import { decideAction } from "./stream-actions.ts";
import {
  endedStream,
  owedAt,
  pausedStream,
  settlingStream,
  startedStream,
  withdrawingStream,
  withdrawnStream,
} from "./stream-moves.ts";
import type { WithdrawalService } from "./withdrawal-service.ts";

interface StreamServiceOptions {
  streams: StreamRepository;
  waiter: Pick<SettlementWaiter<StreamCharge>, "wait">;
  backlog: Pick<Backlog, "admit">;
  withdrawals: Pick<WithdrawalService, "advance">;
  /** Tells the engine that there is something to submit. */
  wake: () => void;
  networkPassphrase: string;
}

/** `pending`: accepted, and the chain has not answered, or the settlement is not final yet. */
export interface StreamOutcome {
  readonly status: "done" | "pending";
  readonly reading: StreamReading;
}

/** Streams: what is asked of them, one caller at a time for each. */
export class StreamService {
  readonly #options: StreamServiceOptions;

  constructor(options: StreamServiceOptions) {
    this.#options = options;
  }

  /** @throws {ProblemError} stream_exists */
  async create(
    tenantId: string,
    stream: NewStream,
    effect?: Effect<StreamReading>,
  ): Promise<StreamReading> {
    return this.#options.streams.create(tenantId, stream, effect);
  }

  /** @throws {ProblemError} stream_not_found */
  async get(tenantId: string, id: string): Promise<StreamReading> {
    return (await this.#options.streams.find(tenantId, id)) ?? notFound();
  }

  /** Oldest first. */
  async list(
    tenantId: string,
    filter: { readonly status?: StreamStatus },
    page: StreamPageRequest,
  ): Promise<StreamPage> {
    return this.#options.streams.list(tenantId, filter, page);
  }

  /**
   * In one transaction, with the request's end where it has an effect.
   * @throws {ProblemError} stream_not_found, invalid_stream_state, settlement_in_progress, stream_busy
   */
  async move(
    tenantId: string,
    id: string,
    action: "start" | "pause",
    effect?: Effect<StreamReading>,
  ): Promise<StreamReading> {
    const moved = action === "start" ? startedStream : pausedStream;
    return this.#options.streams.withLock(
      tenantId,
      id,
      (locked) => {
        const stream = locked.stream ?? notFound();
        const { kind } = decideAction(stream, action);
        return kind === "same" ? readingOf(locked) : save(locked, moved(stream, locked.now));
      },
      effect,
    );
  }

  /**
   * Freezes what is owed, has it paid, and waits up to `waitMs` for the chain. Asked for again while
   * it is under way, it waits for the same payment.
   * @throws {ProblemError} stream_not_found, invalid_stream_state, stream_not_cancellable,
   *   settlement_in_progress, stream_busy, vault_not_found, backlog_full: nothing was stored;
   *   insufficient_balance, deduction_rejected: nothing was paid, the stream is as it was
   */
  async settle(
    tenantId: string,
    id: string,
    action: SettlingAction,
    waitMs: number,
  ): Promise<StreamOutcome> {
    const { reading, intentId } = await this.#freeze(tenantId, id, action);
    if (intentId === undefined) return { status: "done", reading };
    this.#options.wake();
    const charge = await this.#options.waiter.wait({ tenantId, id: intentId }, waitMs);
    if (charge === undefined) return { status: "pending", reading };
    if (!charge.isPaid) throw failureProblem(charge.failure);
    return { status: "done", reading: await this.get(tenantId, id) };
  }

  /**
   * Withdraws what was settled, as soon as that is final. One that failed may be tried again, but by
   * a request of its own: a repeat of the one that began it (`effectId`) is told that it failed.
   * @throws {ProblemError} stream_not_found, invalid_stream_state, settlement_in_progress, stream_busy
   */
  async withdraw(tenantId: string, id: string, effectId?: string): Promise<StreamOutcome> {
    const { streams, withdrawals } = this.#options;
    const asked = await streams.withLock(tenantId, id, (locked) => {
      const stream = locked.stream ?? notFound();
      const isDone = decideAction(stream, "withdraw").kind === "same";
      if (isDone || isKnown(stream, effectId)) return readingOf(locked);
      const isOnChain = stream.settlement?.txHash !== undefined;
      return isOnChain
        ? save(locked, withdrawingStream(stream, locked.now, effectId))
        : save(locked, withdrawnStream(stream, locked.now));
    });
    const reading = isPending(asked.stream)
      ? ((await withdrawals.advance(tenantId, id)) ?? asked)
      : asked;
    return { status: isPending(reading.stream) ? "pending" : "done", reading };
  }

  /** The intent that is waited for; none when nothing is owed. */
  async #freeze(
    tenantId: string,
    id: string,
    action: SettlingAction,
  ): Promise<{ reading: StreamReading; intentId?: string }> {
    let admission: Admission | undefined;
    try {
      return await this.#options.streams.withLock(tenantId, id, async (locked) => {
        const stream = locked.stream ?? notFound();
        const { kind } = decideAction(stream, action);
        if (kind === "same") return { reading: readingOf(locked) };
        if (kind === "joins" && stream.settlement !== undefined) {
          return { reading: readingOf(locked), intentId: stream.settlement.intentId };
        }
        const amountStroops = owedAt(stream, locked.now);
        if (amountStroops === 0n) {
          return { reading: save(locked, endedStream(stream, action, locked.now)) };
        }
        const vaultContractId = await locked.findVault();
        if (vaultContractId === undefined) throw noVault(stream);
        admission = this.#options.backlog.admit(tenantId);
        const charge = this.#chargeOf(tenantId, stream, {
          amountStroops,
          vaultContractId,
          at: locked.now,
        });
        const { intentId } = charge;
        const frozen = { intentId, action, amountStroops, vaultContractId };
        const change = settlingStream(stream, frozen, locked.now);
        locked.save({ ...change, charge });
        return { reading: { stream: change.stream, asOf: locked.now }, intentId };
      });
    } catch (error) {
      admission?.withdraw();
      throw error;
    }
  }

  /** The same for the same settlement of the same stream, whoever asks for it and when. */
  #chargeOf(
    tenantId: string,
    stream: Stream,
    frozen: { amountStroops: bigint; vaultContractId: string; at: Date },
  ): SubmissionIntent {
    const subjectId = settlementSubject(stream.id, stream.settlementCount + 1);
    return {
      intentId: namedUuid(["stream", tenantId, subjectId].join("\n")),
      tenantId,
      kind: "stream",
      subjectId,
      vaultContractId: frozen.vaultContractId,
      payee: stream.recipient,
      amountStroops: frozen.amountStroops,
      marker: deriveMarker(this.#options.networkPassphrase, "stream", tenantId, subjectId),
      createdAtMs: frozen.at.getTime(),
    };
  }
}

/** Whether a withdrawal is under way, or the one that this very request began has failed. */
function isKnown({ withdrawal }: Stream, effectId: string | undefined): boolean {
  if (withdrawal === undefined || withdrawal.state === "pending") return withdrawal !== undefined;
  return withdrawal.effectId !== undefined && withdrawal.effectId === effectId;
}

function isPending({ withdrawal }: Stream): boolean {
  return withdrawal?.state === "pending";
}

function readingOf({ stream, now }: LockedStream): StreamReading {
  return { stream: stream ?? notFound(), asOf: now };
}

function save(locked: LockedStream, change: StreamChange): StreamReading {
  locked.save(change);
  return { stream: change.stream, asOf: locked.now };
}

function noVault({ senderUserId }: Stream): ProblemError {
  return new ProblemError("vault_not_found", `The user ${senderUserId} has no vault to pay from.`);
}

function notFound(): never {
  throw new ProblemError("stream_not_found", "There is no stream with this id.");
}
