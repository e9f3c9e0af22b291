import { Type } from "typebox";
import { ChargedReply, DeductBody, PendingReply } from "../deductions/deductions.schemas.ts";

const closed = { additionalProperties: false } as const;
const size = { minItems: 1, maxItems: 100 } as const;

export const BulkBody = Type.Object({ entries: Type.Array(DeductBody, size) }, closed);

/** What refuses the call as a whole: an entry that is not valid fails alone. */
export const BulkEnvelope = Type.Object({ entries: Type.Array(Type.Unknown(), size) }, closed);

const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    code: Type.String(),
    requestId: Type.String({ description: "Of the call, not of the entry." }),
  },
  {
    description: "What the entry alone would have been answered with.",
    additionalProperties: true,
  },
);

const HttpStatus = Type.Integer({ description: "The status that the entry alone would have had." });

const ProblemResult = Type.Object({
  requestId: Type.Union([Type.String(), Type.Null()], {
    description: "Null when the entry has none that could be one.",
  }),
  status: Type.Union([Type.Literal("failed"), Type.Literal("rejected"), Type.Literal("unknown")], {
    description:
      "`failed`: accepted, and the chain said no; nothing was charged. `rejected`: not accepted. " +
      "`unknown`: whether it was accepted is not known; send it again.",
  }),
  httpStatus: HttpStatus,
  code: Type.String({ description: "The problem's code." }),
  retryAfterSeconds: Type.Optional(Type.Integer()),
  problem: Problem,
});

export const BulkReply = Type.Object({
  results: Type.Array(
    Type.Union([
      Type.Object({ ...ChargedReply.properties, httpStatus: HttpStatus }),
      Type.Object({ ...PendingReply.properties, httpStatus: HttpStatus }),
      ProblemResult,
    ]),
    { description: "One per entry, in their order." },
  ),
});
