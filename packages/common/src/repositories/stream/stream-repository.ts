import type { SubmissionFailure } from "@orrery/soroban/intent/failure";
import type { SubmissionIntent } from "@orrery/soroban/intent/submission-intent";
import type { TimePosition } from "../../contracts/keyset-page.ts";
import type { Effect } from "../idempotency/effect.ts";
import type { PendingCount } from "../usage-event/usage-event-repository.ts";
import type { ActivityEvent, ActivityType } from "./activity-event.ts";
import type { NewStream, Stream, StreamStatus } from "./stream.ts";
import type { User } from "./user.ts";

/** A stream as of a moment of the clock that all instances share. */
export interface StreamReading {
  readonly stream: Stream;
  readonly asOf: Date;
}

/** Part of a list. The size of the whole of it is `total`. */
export interface StreamPage {
  readonly streams: readonly Stream[];
  readonly asOf: Date;
  readonly hasNext: boolean;
  readonly total: number;
}

export interface ActivityPage {
  readonly events: readonly ActivityEvent[];
  readonly hasNext: boolean;
  readonly total: number;
}

/** Where a page begins, and how long it is. */
export interface StreamPageRequest {
  /** 1 … 100. */
  readonly limit: number;
  /** After this position in the order of the list, whether or not there is an item at it. */
  readonly after?: TimePosition;
}

/** A change to a stream that is locked. */
export interface StreamWrite {
  readonly stream: Stream;
  /** What is told of it; nothing is told of what only the service itself remembers. */
  readonly event?: ActivityEvent;
  /** What the engine is to pay. */
  readonly charge?: SubmissionIntent;
}

/** A withdrawal that is waited for. */
export interface PendingWithdrawal {
  readonly requestedAt: Date;
  readonly tenantId: string;
  readonly id: string;
}

/** A stream that nobody else can change until the work on it is over. */
export interface LockedStream {
  /** Undefined when there is none with this id. */
  readonly stream: Stream | undefined;
  /** The present, by the clock that all instances share, read under the lock. */
  readonly now: Date;
  /** The vault contract that the sender pays from; undefined without one. */
  findVault(): Promise<string | undefined>;
  /**
   * Stores the stream, the event and the charge together when the work is over; nothing when it
   * throws. At most once.
   */
  save(write: StreamWrite): void;
}

/** How a stream's charge ended. */
export interface StreamCharge {
  readonly tenantId: string;
  readonly intentId: string;
  readonly isPaid: boolean;
  /** Why it was not paid. */
  readonly failure?: Omit<SubmissionFailure, "detail">;
}

/**
 * Streams, what happened to them, and the users they are between. Lists are ordered by time and, for
 * equal times, by id compared byte by byte.
 */
export interface StreamRepository {
  /**
   * Stores a draft and its first event.
   * @throws {ProblemError} stream_exists: nothing was stored
   */
  create(
    tenantId: string,
    stream: NewStream,
    effect?: Effect<StreamReading>,
  ): Promise<StreamReading>;

  find(tenantId: string, id: string): Promise<StreamReading | undefined>;

  /** By (createdAt, id), ascending. */
  list(
    tenantId: string,
    filter: { readonly status?: StreamStatus },
    page: StreamPageRequest,
  ): Promise<StreamPage>;

  /**
   * Runs `work` while nobody else, in whatever process, works on a stream with this id: in order of
   * arrival among the callers of a process, and among the first ones of each process. Streams do not
   * wait for each other. The lock ends with the work, and with the process.
   *
   * It is held in a database transaction: `work` must be short, and must not call the chain. What a
   * settlement is told of the chain's answer comes later, without this lock.
   * @throws {ProblemError} stream_busy when its turn does not come in time, service_unavailable when
   *   too many wait already: the work was not begun
   */
  withLock<Result>(
    tenantId: string,
    id: string,
    work: (locked: LockedStream) => Promise<Result> | Result,
    effect?: Effect<Result>,
  ): Promise<Result>;

  /** Newest first, by (happenedAt, id). */
  listActivity(
    tenantId: string,
    filter: { readonly streamId: string } | { readonly type?: ActivityType },
    page: StreamPageRequest,
  ): Promise<ActivityPage>;

  /** Those of the given charges that have ended. At most 1,000 keys. */
  listEndedCharges(
    keys: readonly { readonly tenantId: string; readonly intentId: string }[],
  ): Promise<readonly StreamCharge[]>;

  /** The sum, in stroops, of the settlements that are under way against the vault. */
  sumSettling(tenantId: string, vaultContractId: string): Promise<bigint>;

  /** The settlements under way of every tenant that has some: for the platform, not for a tenant. */
  countSettling(requestedBefore: readonly [Date, Date]): Promise<readonly PendingCount[]>;

  /**
   * Up to `limit` pending withdrawals of any tenant, the longest wait first, from after the given one
   * on.
   */
  listWithdrawing(limit: number, after?: PendingWithdrawal): Promise<readonly PendingWithdrawal[]>;

  /** Sets the user with this wallet address. */
  putUser(
    tenantId: string,
    user: Pick<User, "walletAddress" | "displayName">,
  ): Promise<{ readonly user: User; readonly isNew: boolean }>;

  findUser(tenantId: string, walletAddress: string): Promise<User | undefined>;
}
