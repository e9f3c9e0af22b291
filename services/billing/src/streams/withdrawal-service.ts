import type { Stream } from "@orrery/common/repositories/stream/stream";
import type {
  LockedStream,
  PendingWithdrawal,
  StreamReading,
  StreamRepository,
} from "@orrery/common/repositories/stream/stream-repository";
import type { TransactionAnswer } from "@orrery/soroban/rpc/soroban-rpc";
import { decideFinality, type FinalityTerms } from "./finality.ts";
import type { StreamMetrics } from "./stream-metrics.ts";
import { unwithdrawnStream, withdrawnStream } from "./stream-moves.ts";

interface WithdrawalServiceOptions {
  streams: Pick<StreamRepository, "find" | "withLock" | "listWithdrawing">;
  /** What the network says of a transaction; undefined when it cannot be asked. */
  readTransaction: (hash: string) => Promise<TransactionAnswer | undefined>;
  terms: FinalityTerms;
  metrics: Pick<StreamMetrics, "withdrawn">;
}

/** Streams that one look takes up at most; the next one goes on behind them. */
const BATCH = 200;

type Reader = WithdrawalServiceOptions["readTransaction"];

/**
 * Waits for settlements to be final. Any number of instances do it for the same streams: what the
 * network said is applied under the stream's lock, to a withdrawal that is pending still.
 */
export class WithdrawalService {
  readonly #options: WithdrawalServiceOptions;
  #after: PendingWithdrawal | undefined;
  #isStopped = false;

  constructor(options: WithdrawalServiceOptions) {
    this.#options = options;
  }

  /** Looks after the next of all pending withdrawals, round and round. */
  async run(): Promise<void> {
    const batch = await this.#options.streams.listWithdrawing(BATCH, this.#after);
    const read = this.#readWhileItAnswers();
    for (const { tenantId, id } of batch) {
      if (this.#isStopped) return;
      await this.#advance(tenantId, id, read);
    }
    this.#after = batch.length < BATCH ? undefined : batch.at(-1);
  }

  /** Ends the look that is under way after the stream that it is at. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Asks the network once and ends the withdrawal if it can; the stream as it is then, if it is there. */
  async advance(tenantId: string, id: string): Promise<StreamReading | undefined> {
    return this.#advance(tenantId, id, this.#options.readTransaction);
  }

  async #advance(tenantId: string, id: string, read: Reader): Promise<StreamReading | undefined> {
    const { streams } = this.#options;
    const before = await streams.find(tenantId, id);
    const txHash = awaitedHash(before?.stream);
    if (txHash === undefined) return before;
    // Not under the lock: the network may take its time.
    const answer = await read(txHash);
    return streams.withLock(tenantId, id, (locked) => this.#apply(locked, txHash, answer));
  }

  /** A network that did not answer is not asked again in this look: time-outs would add up. */
  #readWhileItAnswers(): Reader {
    let isAway = false;
    return async (hash) => {
      const answer = isAway ? undefined : await this.#options.readTransaction(hash);
      isAway ||= answer === undefined;
      return answer;
    };
  }

  #apply(
    locked: LockedStream,
    txHash: string,
    answer: TransactionAnswer | undefined,
  ): StreamReading | undefined {
    const { stream, now } = locked;
    const { withdrawal, settlement } = stream ?? {};
    // Another look has ended it while the network was asked.
    if (stream === undefined || withdrawal === undefined || awaitedHash(stream) !== txHash) {
      return stream && { stream, asOf: now };
    }
    const finality = decideFinality(
      {
        ...(settlement?.ledger !== undefined && { ledger: settlement.ledger }),
        waitedMs: now.getTime() - withdrawal.requestedAt.getTime(),
        ...(withdrawal.missingAtLedger !== undefined && {
          missingAtLedger: withdrawal.missingAtLedger,
        }),
      },
      answer,
      this.#options.terms,
    );
    switch (finality.kind) {
      case "waiting":
        return { stream, asOf: now };
      case "missing": {
        const noted = { ...withdrawal, missingAtLedger: finality.atLedger };
        const change = { stream: { ...stream, withdrawal: noted } };
        locked.save(change);
        return { ...change, asOf: now };
      }
      case "final": {
        const change = withdrawnStream(stream, now);
        locked.save(change);
        this.#options.metrics.withdrawn("succeeded");
        return { stream: change.stream, asOf: now };
      }
      case "failed": {
        const change = unwithdrawnStream(stream, finality.failureCode, now);
        locked.save(change);
        this.#options.metrics.withdrawn("failed");
        return { stream: change.stream, asOf: now };
      }
    }
  }
}

/** The transaction whose finality a pending withdrawal waits for. */
function awaitedHash(stream: Stream | undefined): string | undefined {
  return stream?.withdrawal?.state === "pending" ? stream.settlement?.txHash : undefined;
}
