import { randomUUID } from "node:crypto";
import type { TimePosition } from "../../contracts/keyset-page.ts";
import { compareLists, type ProbedList } from "../cutover/list-probe.ts";
import type { StoreGate } from "../cutover/store-gate.ts";
import { STORE_SIDES, type StoreSide } from "../cutover/store-mode.ts";
import type { StoreProbe } from "../cutover/verification.ts";
import { ACTIVITY_TYPES } from "../stream/activity-event.ts";
import { STREAM_STATUSES } from "../stream/stream.ts";
import type { StreamRepository } from "../stream/stream-repository.ts";

interface ProbeOptions {
  sides: Readonly<Record<StoreSide, StreamRepository>>;
  /** Whose lists are compared. */
  tenantIds: () => readonly string[];
  gate: StoreGate;
}

/** Of streams that nobody has. */
const PROBE_TENANT = "store-probe";
const CALLERS = 25;

/** What a verification of streams looks at beside the records. */
export function createStreamProbes({ sides, tenantIds, gate }: ProbeOptions): StoreProbe[] {
  return [
    {
      name: "cursor order",
      run: () =>
        compareLists(
          gate,
          tenantIds().flatMap((tenantId) => listsOf(sides, tenantId)),
        ),
    },
    { name: "lock semantics", run: () => probeLocks(sides) },
  ];
}

function listsOf(
  sides: Readonly<Record<StoreSide, StreamRepository>>,
  tenantId: string,
): ProbedList[] {
  const pageOf = (after: TimePosition | undefined, limit: number) => ({
    limit,
    ...(after !== undefined && { after }),
  });
  const statuses = [undefined, ...STREAM_STATUSES];
  const types = [undefined, ...ACTIVITY_TYPES];
  return [
    ...statuses.map((status) => ({
      name: `streams of ${tenantId}${status === undefined ? "" : `, ${status}`}`,
      read: async (side: StoreSide, after: TimePosition | undefined, limit: number) => {
        const filter = status === undefined ? {} : { status };
        const page = await sides[side].list(tenantId, filter, pageOf(after, limit));
        const positions = page.streams.map(({ createdAt: at, id }) => ({ at, id }));
        return { positions, hasNext: page.hasNext, total: page.total };
      },
    })),
    ...types.map((type) => ({
      name: `activity of ${tenantId}${type === undefined ? "" : `, ${type}`}`,
      read: async (side: StoreSide, after: TimePosition | undefined, limit: number) => {
        const filter = type === undefined ? {} : { type };
        const page = await sides[side].listActivity(tenantId, filter, pageOf(after, limit));
        const positions = page.events.map(({ happenedAt: at, id }) => ({ at, id }));
        return { positions, hasNext: page.hasNext, total: page.total };
      },
    })),
  ];
}

/** On each side: one at a time, in order of arrival, and who throws lets the next one in. */
async function probeLocks(sides: Readonly<Record<StoreSide, StreamRepository>>): Promise<string[]> {
  const faults: string[] = [];
  for (const side of STORE_SIDES) {
    const id = `probe-${randomUUID()}`;
    const order: number[] = [];
    let inside = 0;
    let mostInside = 0;
    const calls = Array.from({ length: CALLERS }, (_, place) =>
      sides[side].withLock(PROBE_TENANT, id, async () => {
        inside += 1;
        mostInside = Math.max(mostInside, inside);
        order.push(place);
        await Promise.resolve();
        inside -= 1;
        if (place % 5 === 0) throw new ProbeEnd();
      }),
    );
    const ends = await Promise.allSettled(calls);
    const isOrdered = order.every((place, index) => place === index);
    if (mostInside !== 1) faults.push(`${side}: ${mostInside} had the lock at once`);
    if (order.length !== CALLERS || !isOrdered) {
      faults.push(`${side}: turns came as ${order.join(" ")}`);
    }
    const isOther = (end: PromiseSettledResult<void>) =>
      end.status === "rejected" && !(end.reason instanceof ProbeEnd);
    if (ends.some(isOther)) faults.push(`${side}: a lock was not given`);
  }
  return faults;
}

class ProbeEnd extends Error {}
