import type { Resolution } from "@orrery/soroban/intent/resolution";
import { isActive } from "@orrery/soroban/intent/submission-intent";
import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { type Clock, systemClock } from "../../contracts/clock.ts";
import type { TimePosition } from "../../contracts/keyset-page.ts";
import { StreamQueue } from "../stream-lock/stream-queue.ts";
import { TenantMap } from "../tenant-map.memory.ts";
import type { PendingCount } from "../usage-event/usage-event-repository.ts";
import type { VaultRepository } from "../vault/vault-repository.ts";
import type { ActivityEvent, ActivityType } from "./activity-event.ts";
import { draftStream, type NewStream, type Stream, type StreamStatus } from "./stream.ts";
import { streamExists } from "./stream-problems.ts";
import type {
  ActivityPage,
  LockedStream,
  PendingWithdrawal,
  StreamCharge,
  StreamPage,
  StreamPageRequest,
  StreamReading,
  StreamRepository,
  StreamWrite,
} from "./stream-repository.ts";
import { resolvedStream, streamIdOf } from "./stream-settlement.ts";
import type { User } from "./user.ts";

export interface MemoryStreamOptions {
  vaults: Pick<VaultRepository, "find">;
  journal: Pick<SubmissionJournal, "insertIntents" | "findIntent">;
  clock?: Clock;
  /** The longest wait for a turn. */
  maxQueueMs?: number;
}

const MAX_QUEUE_MS = 5_000;
const MAX_WAITING = 10_000;

/** Streams of one process, forgotten with it. */
export class MemoryStreamRepository implements StreamRepository {
  readonly #options: MemoryStreamOptions;
  readonly #clock: Clock;
  readonly #queue: StreamQueue;
  readonly #streams = new TenantMap<Stream>();
  readonly #events = new TenantMap<ActivityEvent>();
  readonly #users = new TenantMap<User>();

  constructor(options: MemoryStreamOptions) {
    const { clock = systemClock, maxQueueMs = MAX_QUEUE_MS } = options;
    this.#options = options;
    this.#clock = clock;
    this.#queue = new StreamQueue({ maxWaitMs: maxQueueMs, maxWaiting: MAX_WAITING });
  }

  /** The rows themselves, for whoever copies them to another store. */
  get rows() {
    return { streams: this.#streams, events: this.#events, users: this.#users };
  }

  async create(tenantId: string, wanted: NewStream): Promise<StreamReading> {
    if (this.#streams.get(tenantId, wanted.id) !== undefined) throw streamExists();
    const asOf = this.#now();
    const draft = draftStream(wanted, asOf);
    this.#apply(tenantId, draft);
    return { stream: draft.stream, asOf };
  }

  async find(tenantId: string, id: string): Promise<StreamReading | undefined> {
    const stream = this.#streams.get(tenantId, id);
    return stream === undefined ? undefined : { stream, asOf: this.#now() };
  }

  async list(
    tenantId: string,
    { status }: { readonly status?: StreamStatus },
    page: StreamPageRequest,
  ): Promise<StreamPage> {
    const matching = this.#streams
      .values(tenantId)
      .filter((stream) => status === undefined || stream.status === status);
    const { items, ...rest } = pageOf(
      matching,
      (stream) => positionOf(stream.createdAt, stream),
      page,
    );
    return { streams: items, asOf: this.#now(), ...rest };
  }

  async withLock<Result>(
    tenantId: string,
    id: string,
    work: (locked: LockedStream) => Promise<Result> | Result,
  ): Promise<Result> {
    return this.#queue.run(`${tenantId}\n${id}`, async () => {
      const stream = this.#streams.get(tenantId, id);
      let write: StreamWrite | undefined;
      const result = await work({
        stream,
        now: this.#now(),
        findVault: () => this.#findVault(tenantId, stream),
        save: (given) => {
          if (write !== undefined) throw new Error("a locked stream is saved once");
          write = given;
        },
      });
      if (write?.charge !== undefined) await this.#options.journal.insertIntents([write.charge]);
      if (write !== undefined) this.#apply(tenantId, write);
      return result;
    });
  }

  async listActivity(
    tenantId: string,
    { streamId, type }: { readonly streamId?: string; readonly type?: ActivityType },
    page: StreamPageRequest,
  ): Promise<ActivityPage> {
    const matching = this.#events
      .values(tenantId)
      .filter((event) => streamId === undefined || event.streamId === streamId)
      .filter((event) => type === undefined || event.type === type);
    const { items, ...rest } = pageOf(
      matching,
      (event) => positionOf(event.happenedAt, event),
      page,
      -1,
    );
    return { events: items, ...rest };
  }

  async listEndedCharges(
    keys: readonly { readonly tenantId: string; readonly intentId: string }[],
  ): Promise<readonly StreamCharge[]> {
    const charges = await Promise.all(
      keys.map(({ tenantId, intentId }) => this.#findCharge(tenantId, intentId)),
    );
    return charges.flatMap((charge) => charge ?? []);
  }

  async sumSettling(tenantId: string, vaultContractId: string): Promise<bigint> {
    return this.#streams
      .values(tenantId)
      .flatMap(({ settlement }) => settlement ?? [])
      .filter((one) => one.state === "pending" && one.vaultContractId === vaultContractId)
      .reduce((sum, { amountStroops }) => sum + amountStroops, 0n);
  }

  async countSettling([first, second]: readonly [Date, Date]): Promise<readonly PendingCount[]> {
    return this.#streams.tenantIds().flatMap((tenantId) => {
      const pending = this.#streams
        .values(tenantId)
        .flatMap(({ settlement }) => settlement ?? [])
        .filter(({ state }) => state === "pending");
      const before = (time: Date) => pending.filter((one) => one.requestedAt < time).length;
      if (pending.length === 0) return [];
      return [{ tenantId, pending: pending.length, before: [before(first), before(second)] }];
    });
  }

  async listWithdrawing(
    limit: number,
    after?: PendingWithdrawal,
  ): Promise<readonly PendingWithdrawal[]> {
    const place = ({ requestedAt: at, tenantId, id }: PendingWithdrawal) => ({
      at,
      id: `${tenantId}\n${id}`,
    });
    const pending = this.#streams
      .tenantIds()
      .flatMap((tenantId) =>
        this.#streams
          .values(tenantId)
          .flatMap(({ id, withdrawal }) =>
            withdrawal?.state === "pending"
              ? [{ requestedAt: withdrawal.requestedAt, tenantId, id }]
              : [],
          ),
      );
    const page = { limit, ...(after !== undefined && { after: place(after) }) };
    return pageOf(pending, place, page).items;
  }

  async putUser(tenantId: string, given: Pick<User, "walletAddress" | "displayName">) {
    const stored = this.#users.get(tenantId, given.walletAddress);
    const updatedAt = this.#now();
    const user: User = { ...given, createdAt: stored?.createdAt ?? updatedAt, updatedAt };
    this.#users.set(tenantId, given.walletAddress, user);
    return { user, isNew: stored === undefined };
  }

  async findUser(tenantId: string, walletAddress: string): Promise<User | undefined> {
    return this.#users.get(tenantId, walletAddress);
  }

  /** The journal's resolution hook: brings the streams whose charges have ended up to date. */
  settle(resolutions: readonly Resolution[]): void {
    for (const resolution of resolutions) {
      if (resolution.kind !== "stream") continue;
      const { tenantId, subjectId } = resolution;
      const stream = this.#streams.get(tenantId, streamIdOf(subjectId));
      const change = stream === undefined ? undefined : resolvedStream(stream, resolution);
      if (change !== undefined) this.#apply(tenantId, change);
    }
  }

  async #findVault(tenantId: string, stream: Stream | undefined): Promise<string | undefined> {
    if (stream === undefined) return undefined;
    return (await this.#options.vaults.find(tenantId, stream.senderUserId))?.contractId;
  }

  async #findCharge(tenantId: string, intentId: string): Promise<StreamCharge | undefined> {
    const found = await this.#options.journal.findIntent(tenantId, intentId);
    if (found === undefined || isActive(found.state) || found.state === "unknown") return undefined;
    const { reason, contractError } = found.resolution?.failure ?? {};
    return {
      tenantId,
      intentId,
      isPaid: found.state === "confirmed",
      ...(reason !== undefined && {
        failure: { reason, ...(contractError !== undefined && { contractError }) },
      }),
    };
  }

  #apply(tenantId: string, { stream, event }: StreamWrite): void {
    this.#streams.set(tenantId, stream.id, stream);
    if (event !== undefined) this.#events.set(tenantId, event.id, event);
  }

  #now(): Date {
    return new Date(this.#clock());
  }
}

function positionOf(at: Date, { id }: { readonly id: string }): TimePosition {
  return { at, id };
}

/** `direction`: 1 oldest first, −1 newest first. */
function pageOf<Item>(
  items: readonly Item[],
  position: (item: Item) => TimePosition,
  { limit, after }: StreamPageRequest,
  direction: 1 | -1 = 1,
) {
  const ordered = items.toSorted((a, b) => direction * compare(position(a), position(b)));
  const following =
    after === undefined
      ? ordered
      : ordered.filter((item) => direction * compare(position(item), after) > 0);
  return {
    items: following.slice(0, limit),
    hasNext: following.length > limit,
    total: items.length,
  };
}

/** Times first, then ids byte by byte, as Postgres compares them with the collation "C". */
function compare(a: TimePosition, b: TimePosition): number {
  return a.at.getTime() - b.at.getTime() || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
}
