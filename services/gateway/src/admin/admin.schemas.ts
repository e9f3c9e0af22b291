import { KeysetPage, PAGE_QUERY } from "@orrery/common/contracts/keyset-page";
import { SCOPES, type Scope } from "@orrery/common/contracts/scope";
import { TENANT_ID_PATTERN } from "@orrery/common/contracts/tenant-id";
import { Type } from "typebox";

const TenantId = Type.String({ pattern: TENANT_ID_PATTERN, description: "The tenant's id." });
/** Something to read: no line breaks or other control characters, not blank. */
const Name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: "^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$",
  description: "A name for people to read.",
});
const Time = Type.String({ description: "RFC 3339, UTC, with milliseconds." });
const KeyScope = Type.Unsafe<Scope>(Type.Union(SCOPES.map((scope) => Type.Literal(scope))));

export const TenantBody = Type.Object(
  { id: TenantId, name: Name },
  { additionalProperties: false },
);

export const TenantParams = Type.Object({ tenantId: TenantId });

export const KeyParams = Type.Object({
  tenantId: TenantId,
  keyId: Type.String({ minLength: 1, maxLength: 64, description: "The key's id." }),
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
      Type.String({
        pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$",
        description: "RFC 3339, in the future; without it the key does not expire.",
      }),
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
};

const KeyReply = Type.Object(KEY_FIELDS);

export const NewKeyReply = Type.Object({
  ...KEY_FIELDS,
  key: Type.String({ description: "The key itself, shown this once." }),
});

export const KeyPageReply = KeysetPage(KeyReply);
