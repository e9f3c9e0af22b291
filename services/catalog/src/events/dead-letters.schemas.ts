import { TENANT_ID_PATTERN } from "@orrery/common/contracts/tenant-id";
import { Type } from "typebox";
import { closed, Identifier } from "../fields.schemas.ts";

export const DeadLettersQuery = Type.Object(
  { limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }) },
  closed,
);

export const DeadLettersReply = Type.Object({
  data: Type.Array(
    Type.Object({
      group: Type.String({ description: "Whose consumers could not apply it." }),
      tenantId: Type.String(),
      eventId: Type.String(),
      type: Type.String(),
      occurredAt: Type.String(),
      payload: Type.Unknown(),
      detail: Type.String({ description: "Why, the last time." }),
      deliveries: Type.Integer({ description: "How often it was given to a consumer." }),
      buriedAt: Type.String(),
    }),
  ),
});

export const DeadLetterParams = Type.Object(
  {
    group: Identifier("The group of consumers."),
    tenantId: Type.String({ pattern: TENANT_ID_PATTERN }),
    eventId: Identifier("The event's id."),
  },
  closed,
);

export const DeadLetterReplayReply = Type.Object({
  status: Type.String({ description: "applied, duplicate or failed." }),
  detail: Type.Optional(Type.String({ description: "Why it failed." })),
});
