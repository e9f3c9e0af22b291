import { AsyncLocalStorage } from "node:async_hooks";
import type { Resolution } from "@orrery/soroban/intent/resolution";
import type { RecordKey } from "../cutover/record-side.ts";
import type { StoreCutover } from "../cutover/store-cutover.ts";
import type { StoreGate } from "../cutover/store-gate.ts";
import type { OrreryTransaction } from "../database.ts";
import type { Effect } from "../idempotency/effect.ts";
import { runEffect } from "../idempotency-cutover/movable-effect.ts";
import type { ActivityEvent, ActivityType } from "../stream/activity-event.ts";
import type { NewStream, Stream, StreamStatus } from "../stream/stream.ts";
import type {
  LockedStream,
  PendingWithdrawal,
  StreamPageRequest,
  StreamReading,
  StreamRepository,
} from "../stream/stream-repository.ts";
import { streamIdOf } from "../stream/stream-settlement.ts";
import type { User } from "../stream/user.ts";
import { eventKey, type StreamRecord, streamKey, userKey } from "./stream-records.ts";

export interface MovableStreamOptions {
  memory: StreamRepository & { settle(resolutions: readonly Resolution[]): void };
  postgres: StreamRepository;
  cutover: StoreCutover<StreamRecord>;
  gate: StoreGate;
  /** The journal's hook for streams in Postgres. */
  settleInPostgres: (
    transaction: OrreryTransaction,
    resolutions: readonly Resolution[],
  ) => Promise<void>;
  /** Makes a stream in Postgres, if it is there, what it is in memory. */
  copyResolved: (
    transaction: OrreryTransaction,
    tenantId: string,
    stream: Stream,
    events: readonly ActivityEvent[],
  ) => Promise<void>;
}

/** Events that one call can add to a stream, and some of calls that were broken off. */
const NEWEST_EVENTS = 5;

/**
 * Streams in memory or in Postgres, as it is switched. The side that is read from decides; what it has
 * stored is copied to the other one before the call is over.
 */
export class MovableStreamRepository implements StreamRepository {
  readonly #options: MovableStreamOptions;
  /** What the resolution under way has changed in Postgres. */
  readonly #resolving = new AsyncLocalStorage<RecordKey[]>();

  constructor(options: MovableStreamOptions) {
    this.#options = options;
  }

  create(tenantId: string, stream: NewStream, effect?: Effect<StreamReading>) {
    return this.#options.gate.run(async () => {
      const { side, cutover } = this.#deciding();
      const reading = await runEffect(effect, cutover.side, (inner) =>
        side.create(tenantId, stream, inner),
      );
      await this.#copyStream(tenantId, stream.id);
      return reading;
    });
  }

  find(tenantId: string, id: string) {
    return this.#read((side) => side.find(tenantId, id));
  }

  list(tenantId: string, filter: { readonly status?: StreamStatus }, page: StreamPageRequest) {
    return this.#read((side) => side.list(tenantId, filter, page));
  }

  withLock<Result>(
    tenantId: string,
    id: string,
    work: (locked: LockedStream) => Promise<Result> | Result,
    effect?: Effect<Result>,
  ): Promise<Result> {
    return this.#options.gate.run(async () => {
      const { side, cutover } = this.#deciding();
      const changed: RecordKey[] = [];
      const noted = (locked: LockedStream) =>
        work({
          ...locked,
          save: (write) => {
            locked.save(write);
            changed.push(streamKey(tenantId, write.stream.id));
            if (write.event !== undefined) changed.push(eventKey(tenantId, write.event));
          },
        });
      const result = await runEffect(effect, cutover.side, (inner) =>
        side.withLock(tenantId, id, noted, inner),
      );
      await cutover.copy(changed);
      return result;
    });
  }

  listActivity(
    tenantId: string,
    filter: { readonly streamId: string } | { readonly type?: ActivityType },
    page: StreamPageRequest,
  ) {
    return this.#read((side) => side.listActivity(tenantId, filter, page));
  }

  listEndedCharges(keys: readonly { readonly tenantId: string; readonly intentId: string }[]) {
    return this.#read((side) => side.listEndedCharges(keys));
  }

  sumSettling(tenantId: string, vaultContractId: string) {
    return this.#read((side) => side.sumSettling(tenantId, vaultContractId));
  }

  countSettling(requestedBefore: readonly [Date, Date]) {
    return this.#read((side) => side.countSettling(requestedBefore));
  }

  listWithdrawing(limit: number, after?: PendingWithdrawal) {
    return this.#read((side) => side.listWithdrawing(limit, after));
  }

  putUser(tenantId: string, user: Pick<User, "walletAddress" | "displayName">) {
    return this.#options.gate.run(async () => {
      const { side, cutover } = this.#deciding();
      const stored = await side.putUser(tenantId, user);
      await cutover.copy([userKey(tenantId, user.walletAddress)]);
      return stored;
    });
  }

  findUser(tenantId: string, walletAddress: string) {
    return this.#read((side) => side.findUser(tenantId, walletAddress));
  }

  /**
   * The journal's hook, in the transaction that resolves charges: settles the streams where they are.
   * Goes through the gate with `resolving`, which the journal's transition has to be wrapped in.
   */
  async settle(transaction: OrreryTransaction, resolutions: readonly Resolution[]): Promise<void> {
    const ofStreams = resolutions.filter(({ kind }) => kind === "stream");
    if (ofStreams.length === 0) return;
    const { memory, cutover, settleInPostgres } = this.#options;
    if (cutover.side === "postgres") {
      await settleInPostgres(transaction, ofStreams);
      for (const { tenantId, subjectId } of ofStreams) {
        this.#resolving.getStore()?.push(streamKey(tenantId, streamIdOf(subjectId)));
      }
      return;
    }
    memory.settle(ofStreams);
    if (!cutover.isDual) return;
    for (const { tenantId, subjectId } of ofStreams) {
      await this.#copyInto(transaction, tenantId, streamIdOf(subjectId));
    }
  }

  /** Runs a transition of the journal, so that no switch comes between it and its copy. */
  resolving<Result>(transition: () => Promise<Result>): Promise<Result> {
    return this.#options.gate.run(() =>
      this.#resolving.run([], async () => {
        const result = await transition();
        for (const { tenantId, id } of this.#resolving.getStore() ?? []) {
          await this.#copyStream(tenantId, id);
        }
        return result;
      }),
    );
  }

  /** Ends a settlement in memory whose charge has ended without this process: another one resolved it. */
  settleMissed(resolution: Resolution): Promise<void> {
    const { memory, cutover, gate } = this.#options;
    return gate.run(async () => {
      if (cutover.side !== "memory") return;
      memory.settle([resolution]);
      await this.#copyStream(resolution.tenantId, streamIdOf(resolution.subjectId));
    });
  }

  #deciding() {
    const { memory, postgres, cutover } = this.#options;
    return { side: cutover.side === "memory" ? memory : postgres, cutover };
  }

  #read<Result>(read: (side: StreamRepository) => Promise<Result>): Promise<Result> {
    return this.#options.gate.run(() => read(this.#deciding().side));
  }

  /** With its newest events. */
  async #copyStream(tenantId: string, id: string): Promise<void> {
    const { side, cutover } = this.#deciding();
    if (!cutover.isDual) return;
    const { events } = await side.listActivity(
      tenantId,
      { streamId: id },
      { limit: NEWEST_EVENTS },
    );
    const keys = events.map((event) => eventKey(tenantId, event));
    await cutover.copy([streamKey(tenantId, id), ...keys]);
  }

  async #copyInto(transaction: OrreryTransaction, tenantId: string, id: string): Promise<void> {
    const { memory, copyResolved } = this.#options;
    const reading = await memory.find(tenantId, id);
    if (reading === undefined) return;
    const page = { limit: NEWEST_EVENTS };
    const { events } = await memory.listActivity(tenantId, { streamId: id }, page);
    await copyResolved(transaction, tenantId, reading.stream, events);
  }
}
