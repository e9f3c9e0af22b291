import { KeysetPage, PAGE_QUERY } from "@orrery/common/contracts/keyset-page";
import { SCOPES, type Scope } from "@orrery/common/contracts/scope";
import { TENANT_ID_PATTERN } from "@orrery/common/contracts/tenant-id";
import { Type } from "typebox";
import { MAX_PER_MINUTE, TENANT_GROUPS, type TenantGroup } from "../limits/limit.ts";

const TenantId = Type.String({ pattern: TENANT_ID_PATTERN, description: "The tenant's id." });
/** Something to read: no line breaks or other control characters, not blank. */
const Name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: "^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$",
  description: "A name for people to read.",
});
const Time = Type.String({ description: "RFC 3339, UTC, with milliseconds." });
const futureTime = (description: string) =>
  Type.String({
    pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$",
    description,
  });
const KeyScope = Type.Unsafe<Scope>(Type.Union(SCOPES.map((scope) => Type.Literal(scope))));

export const TenantBody = Type.Object(
  { id: TenantId, name: Name },
  { additionalProperties: false },
);

export const TenantParams = Type.Object({ tenantId: TenantId });

export const KeyParams = Type.Object({
  tenantId: TenantId,
  keyId: Type.String({ pattern: "^[\\x21-\\x7e]{1,64}$", description: "The key's id." }),
});

export const PageQuery = Type.Object(PAGE_QUERY, { additionalProperties: false });

export const TenantReply = Type.Object({ id: Type.String(), name: Type.String(), createdAt: Time });

export const TenantPageReply = KeysetPage(TenantReply);

export const KeyBody = Type.Object(
  {
    name: Name,
    scopes: Type.Array(KeyScope, {
      minItems: 1,
      maxItems: SCOPES.length,
      uniqueItems: true,
      description: "What the key may do.",
    }),
    expiresAt: Type.Optional(
      futureTime("RFC 3339, in the future; without it the key does not expire."),
    ),
  },
  { additionalProperties: false },
);

const KEY_FIELDS = {
  id: Type.String(),
  prefix: Type.String({ description: "The part of the key that is no secret." }),
  tenantId: Type.String(),
  name: Type.String(),
  scopes: Type.Array(KeyScope),
  createdAt: Time,
  expiresAt: Type.Union([Time, Type.Null()]),
  revokedAt: Type.Union([Time, Type.Null()]),
  lastUsedAt: Type.Union([Time, Type.Null()], {
    description: "To about a minute; null when it was never used.",
  }),
  successorId: Type.Union([Type.String(), Type.Null()], {
    description: "The key that it was rolled to.",
  }),
};

const KeyReply = Type.Object(KEY_FIELDS);

export const NewKeyReply = Type.Object({
  ...KEY_FIELDS,
  key: Type.String({ description: "The key itself, shown this once." }),
});

export const KeyPageReply = KeysetPage(KeyReply);

const MAX_OVERLAP_SECONDS = 30 * 86_400;

export const RollBody = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MAX_OVERLAP_SECONDS,
        description:
          "How long the old key goes on beside the new one, a day without it; with 0 it is revoked at once.",
      }),
    ),
    expiresAt: Type.Optional(
      futureTime(
        "Of the new key, RFC 3339; without it the new key lives as long as the old one was meant to.",
      ),
    ),
  },
  { additionalProperties: false },
);

export const RolledKeyReply = Type.Object({
  ...KEY_FIELDS,
  key: Type.String({ description: "The new key itself, shown this once." }),
  predecessor: KeyReply,
});

/** One optional number for each group that a tenant may have a limit of its own in. */
const perGroup = Object.fromEntries(
  TENANT_GROUPS.map((group) => [
    group,
    Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_PER_MINUTE,
        description: `Requests per minute in the group \`${group}\`.`,
      }),
    ),
  ]),
) as Record<TenantGroup, ReturnType<typeof Type.Optional<ReturnType<typeof Type.Integer>>>>;

export const LimitsBody = Type.Object(perGroup, { additionalProperties: false, minProperties: 1 });

export const LimitsReply = Type.Object({
  tenantId: Type.String(),
  limits: Type.Object(
    Object.fromEntries(TENANT_GROUPS.map((group) => [group, Type.Integer()])) as Record<
      TenantGroup,
      ReturnType<typeof Type.Integer>
    >,
    { description: "What is in force, per minute." },
  ),
  own: Type.Object(perGroup, { description: "The tenant's own; the others are the deployment's." }),
  updatedAt: Type.Union([Time, Type.Null()]),
});

export const ActPageReply = KeysetPage(
  Type.Object({
    id: Type.String(),
    recordedAt: Time,
    action: Type.String({ description: "The operation, `createApiKey`." }),
    tenantId: Type.String({ description: "The tenant that it was about." }),
    subject: Type.String({ description: "The id of the tenant or key that it was done to." }),
    principal: Type.String({
      description: "Who did it: `key:<id>`, `jwt:<subject>`, `service:<name>`.",
    }),
    requestId: Type.String(),
    details: Type.Object(
      {},
      { additionalProperties: true, description: "What was asked for, without secrets." },
    ),
  }),
);
