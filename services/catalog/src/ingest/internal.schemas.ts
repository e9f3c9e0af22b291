import { TENANT_ID_PATTERN } from "@orrery/common/contracts/tenant-id";
import { Type } from "typebox";
import { closed, Identifier } from "../fields.schemas.ts";

const MAX_EVENTS = 1_000;
/** Beyond what a network will close in a lifetime. */
const MAX_LEDGER = 4_294_967_295;

export const EventsBody = Type.Object(
  {
    events: Type.Array(Type.Unknown(), {
      description: "Events of the catalogue, applied in their order, each once.",
      minItems: 1,
      maxItems: MAX_EVENTS,
    }),
  },
  closed,
);

const Faults = Type.Array(
  Type.Object({
    pointer: Type.String(),
    detail: Type.String(),
    in: Type.Optional(Type.String()),
  }),
);

const result = {
  status: Type.String({ description: "applied, duplicate or rejected." }),
  code: Type.Optional(Type.String({ description: "Why it was rejected." })),
  detail: Type.Optional(Type.String()),
  errors: Type.Optional(Faults),
};

export const ReplayReply = Type.Object(result);

export const EventsReply = Type.Object({
  results: Type.Array(
    Type.Object({ eventId: Type.Union([Type.String(), Type.Null()]), ...result }),
    { description: "One for each event, in their order." },
  ),
});

export const RejectedQuery = Type.Object(
  { limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }) },
  closed,
);

export const RejectedReply = Type.Object({
  data: Type.Array(
    Type.Object({
      tenantId: Type.String(),
      eventId: Type.String(),
      source: Type.String(),
      event: Type.Unknown(),
      code: Type.String(),
      detail: Type.String(),
      rejections: Type.Integer(),
      rejectedAt: Type.String(),
    }),
  ),
});

export const RejectedParams = Type.Object(
  { tenantId: Type.String({ pattern: TENANT_ID_PATTERN }), eventId: Identifier("The event's id.") },
  closed,
);

export const IndexerReply = Type.Object({
  data: Type.Array(
    Type.Object({
      contractId: Type.String(),
      ledger: Type.Integer({ description: "Read as far as this ledger." }),
      cursor: Type.Union([Type.String(), Type.Null()], {
        description: "Where the reading goes on; null: with the first event of `ledger`.",
      }),
      updatedAt: Type.String(),
      gaps: Type.Array(Type.Object({ fromLedger: Type.Integer(), toLedger: Type.Integer() })),
    }),
  ),
});

export const RewindParams = Type.Object({ contractId: Identifier("The contract.") }, closed);

export const RewindBody = Type.Object(
  {
    ledger: Type.Integer({
      description: "Read again from here on.",
      minimum: 1,
      maximum: MAX_LEDGER,
    }),
  },
  closed,
);
