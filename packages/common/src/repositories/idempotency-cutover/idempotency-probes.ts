import { randomUUID } from "node:crypto";
import type { RecordSide } from "../cutover/record-side.ts";
import { recordText } from "../cutover/record-side.ts";
import type { StoreGate } from "../cutover/store-gate.ts";
import { STORE_SIDES, type StoreSide } from "../cutover/store-mode.ts";
import type { StoreProbe } from "../cutover/verification.ts";
import type { IdempotencyStore, KeyedRequest } from "../idempotency/idempotency-store.ts";
import type { IdempotencyRecord } from "./idempotency-records.ts";

interface ProbeOptions {
  stores: Readonly<Record<StoreSide, IdempotencyStore>>;
  records: RecordSide<IdempotencyRecord>;
  gate: StoreGate;
}

const SLICE = 100;
/** Answers that are asked for at most; every record was compared before. */
const MAX_REPLAYS = 10_000;
/** Of requests that nobody sends. */
const PROBE_TENANT = "store-probe";

/** What a verification of idempotency keys looks at beside the records. */
export function createIdempotencyProbes(options: ProbeOptions): StoreProbe[] {
  return [
    { name: "replay payloads", run: () => compareReplays(options) },
    { name: "lock semantics", run: () => probeClaims(options) },
  ];
}

/** Asks both stores for every answer as a repeated request would: that changes nothing. */
async function compareReplays({ stores, records, gate }: ProbeOptions): Promise<string[]> {
  const faults: string[] = [];
  let keys = await records.listKeys(undefined, SLICE);
  for (let asked = 0; keys.length > 0 && asked < MAX_REPLAYS; asked += keys.length) {
    const page = keys;
    faults.push(
      ...(await gate.runAlone(async () => {
        const found = await records.read(page);
        const differing: string[] = [];
        for (const [index, { tenantId, id: token }] of page.entries()) {
          const record = found[index];
          if (record?.answer === undefined) continue;
          const request = { tenantId, token, fingerprint: record.fingerprint };
          const memory = recordText(await stores.memory.claim(request, 1));
          const postgres = recordText(await stores.postgres.claim(request, 1));
          if (memory !== postgres) differing.push(`${tenantId} is replayed something else`);
        }
        return differing;
      })),
    );
    keys = await records.listKeys(page.at(-1), SLICE);
  }
  return faults;
}

/** On each side: one of many gets the claim, the others wait, and who gives it back frees it. */
async function probeClaims({ stores }: ProbeOptions): Promise<string[]> {
  const faults: string[] = [];
  for (const side of STORE_SIDES) {
    const store = stores[side];
    const request: KeyedRequest = {
      tenantId: PROBE_TENANT,
      token: `probe:${randomUUID()}`,
      fingerprint: new Uint8Array(32),
    };
    const rivals = await Promise.all(
      Array.from({ length: 10 }, () => store.claim(request, 60_000)),
    );
    const claims = rivals.flatMap((rival) => (rival.outcome === "claimed" ? rival.claim : []));
    const [claim] = claims;
    if (claims.length !== 1 || claim === undefined) {
      faults.push(`${side}: ${claims.length} of 10 rivals got the claim`);
      continue;
    }
    const other = { ...request, fingerprint: new Uint8Array(32).fill(1) };
    const reused = await store.claim(other, 60_000);
    if (reused.outcome !== "reused") faults.push(`${side}: another request got ${reused.outcome}`);
    await store.end(claim, "forgotten");
    const again = await store.claim(request, 60_000);
    if (again.outcome === "claimed") await store.end(again.claim, "forgotten");
    else faults.push(`${side}: a claim that was given back is ${again.outcome}`);
  }
  return faults;
}
