import { TENANT_ID_PATTERN } from "@orrery/common/contracts/tenant-id";
import { type Static, type TProperties, Type } from "typebox";
import { BurnBody } from "../burns/burns.schemas.ts";
import { closed, Identifier } from "../fields.schemas.ts";
import { CreatePoolBody, PoolParams, PredictionBody, SettleBody } from "../pools/pools.schemas.ts";
import { CreateTokenBody } from "../tokens/tokens.schemas.ts";

/** The events that may come from the chain or a partner, with what each says. */
export const INGESTED = {
  "token.created": ingested("token.created", CreateTokenBody.properties),
  "burn.created": ingested("burn.created", {
    tokenAddress: Identifier("The token's address."),
    ...BurnBody.properties,
  }),
  "pool.created": ingested("pool.created", withoutEventId(CreatePoolBody.properties)),
  "prediction.placed": ingested("prediction.placed", {
    ...PoolParams.properties,
    ...withoutEventId(PredictionBody.properties),
  }),
  "pool.closed": ingested("pool.closed", PoolParams.properties),
  "pool.settled": ingested("pool.settled", {
    ...PoolParams.properties,
    ...withoutEventId(SettleBody.properties),
  }),
} as const;

export type IngestedType = keyof typeof INGESTED;

export type IngestedEvent = {
  [Type in IngestedType]: Static<(typeof INGESTED)[Type]>;
}[IngestedType];

function ingested<const Name extends string, Payload extends TProperties>(
  type: Name,
  payload: Payload,
) {
  return Type.Object(
    {
      eventId: Identifier("The delivery's id: applied once per tenant."),
      tenantId: Type.String({ pattern: TENANT_ID_PATTERN }),
      type: Type.Literal(type),
      payload: Type.Object(payload, closed),
    },
    closed,
  );
}

function withoutEventId<Fields extends { eventId: unknown }>(
  properties: Fields,
): Omit<Fields, "eventId"> {
  const { eventId: _eventId, ...fields } = properties;
  return fields;
}
