import {
  STORE_MODES,
  STORE_SIDES,
  STORED_REPOSITORIES,
} from "@orrery/common/repositories/cutover/store-mode";
import { Type } from "typebox";
import type { StoreOverview } from "./store-service.ts";

const closed = { additionalProperties: false } as const;
const oneOf = <Value extends string>(values: readonly Value[]) =>
  Type.Unsafe<Value>(Type.Union(values.map((value) => Type.Literal(value))));

const Repository = oneOf(STORED_REPOSITORIES);

/** Switch, or run something in the background. */
export const StoreCommand = Type.Object(
  {
    repository: Repository,
    switch: Type.Optional(
      Type.Object({ mode: oneOf(STORE_MODES), reads: oneOf(STORE_SIDES) }, closed),
    ),
    run: Type.Optional(oneOf(["backfill", "verify"])),
  },
  { ...closed, minProperties: 2, maxProperties: 2 },
);

const Sums = Type.Object({ count: Type.Integer(), checksum: Type.String() }, closed);

const Report = Type.Object(
  {
    sums: Type.Object({ memory: Sums, postgres: Sums }, closed),
    differenceCount: Type.Integer(),
    differences: Type.Array(
      Type.Object(
        {
          key: Type.Object(
            { kind: Type.String(), tenantId: Type.String(), id: Type.String() },
            closed,
          ),
          found: oneOf(["memory", "postgres", "both"]),
        },
        closed,
      ),
    ),
    probes: Type.Record(Type.String(), Type.Array(Type.String())),
  },
  closed,
);

const Status = Type.Object(
  {
    mode: oneOf(STORE_MODES),
    reads: oneOf(STORE_SIDES),
    backfill: Type.Object(
      { state: oneOf(["idle", "running", "done", "failed"]), copied: Type.Integer() },
      closed,
    ),
    repairs: Type.Integer(),
    hasOverflowed: Type.Boolean(),
    verification: Type.Object(
      {
        state: oneOf(["never", "running", "passed", "differs", "failed"]),
        compared: Type.Integer(),
        report: Type.Optional(Report),
      },
      closed,
    ),
  },
  closed,
);

export const StoreReply = Type.Unsafe<StoreOverview>(
  Type.Object(
    {
      hasDatabase: Type.Boolean(),
      isAlone: Type.Boolean(),
      repositories: Type.Object({ stream: Status, idempotency: Status, export: Status }, closed),
    },
    closed,
  ),
);
