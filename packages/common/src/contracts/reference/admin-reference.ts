import type { OperationReference } from "./operation-reference.ts";

const CONSUMER_SCOPES = ["billing:write", "billing:read", "catalog:write", "catalog:read"];

export const ADMIN_REFERENCE = {
  createTenant: {
    tag: "Administration",
    summary: "Create a tenant",
    errors: ["tenant_exists"],
    examples: {
      acme: {
        summary: "A tenant",
        body: { id: "acme", name: "Acme Weather" },
        status: 201,
      },
      taken: {
        summary: "An id that is taken",
        body: { id: "acme", name: "Another Acme" },
        status: 409,
      },
    },
  },
  listTenants: {
    tag: "Administration",
    summary: "List tenants",
    description: "Ascending by id.",
    examples: { first: { summary: "The first page", query: { limit: "1" }, status: 200 } },
  },
  getTenant: {
    tag: "Administration",
    summary: "Get a tenant",
    errors: ["tenant_not_found"],
    examples: { acme: { summary: "A tenant", path: { tenantId: "acme" }, status: 200 } },
  },
  createApiKey: {
    tag: "Administration",
    summary: "Create an API key",
    description:
      "The answer holds the key: it is shown this once, and only its hash is stored. A repeat with the same " +
      "`Idempotency-Key` is told which key was made, never the key itself.",
    errors: ["tenant_not_found", "secret_already_shown"],
    headers: ["cache-control"],
    examples: {
      backend: {
        summary: "A key for a tenant's backend",
        path: { tenantId: "acme" },
        body: { name: "backend", scopes: CONSUMER_SCOPES },
        status: 201,
      },
      expiring: {
        summary: "A key that reads, for a while",
        path: { tenantId: "acme" },
        body: {
          name: "dashboard",
          scopes: ["billing:read"],
          expiresAt: "2099-01-01T00:00:00.000Z",
        },
        status: 201,
      },
    },
  },
  rollApiKey: {
    tag: "Administration",
    summary: "Roll an API key",
    description:
      "Makes a key with the same name and scopes, shown this once, that takes the place of the old one. The old " +
      "one goes on for `overlapSeconds`, a day unless given, so that both work while callers change over; with 0 " +
      "it is revoked at once. A key that would have ended earlier still does.",
    errors: ["api_key_not_found", "api_key_inactive", "secret_already_shown"],
    headers: ["cache-control"],
    examples: {
      backend: {
        summary: "A new secret for the backend, the old one good for an hour more",
        path: { tenantId: "acme", keyId: { answer: "createApiKey.backend", pointer: "/id" } },
        body: { overlapSeconds: 3_600 },
        status: 201,
      },
      again: {
        summary: "A key that was rolled already",
        path: { tenantId: "acme", keyId: { answer: "createApiKey.backend", pointer: "/id" } },
        body: {},
        status: 409,
      },
    },
  },
  listApiKeys: {
    tag: "Administration",
    summary: "List a tenant's API keys",
    description: "Ascending by id, without their secrets; revoked ones too.",
    errors: ["tenant_not_found"],
    examples: { all: { summary: "Every key", path: { tenantId: "acme" }, status: 200 } },
  },
  revokeApiKey: {
    tag: "Administration",
    summary: "Revoke an API key",
    description:
      "Every gateway refuses the key within a second. Revoking it again changes nothing.",
    answers: { 204: "Revoked." },
    errors: ["tenant_not_found", "api_key_not_found"],
    examples: {
      expiring: {
        summary: "The dashboard's key",
        path: {
          tenantId: "acme",
          keyId: { answer: "createApiKey.expiring", pointer: "/id" },
        },
        status: 204,
      },
    },
  },
  putTenantLimits: {
    tag: "Administration",
    summary: "Give a tenant limits of its own",
    description:
      "Replaces all that it had; groups that are left out are the deployment's. Requests per minute, in force on " +
      "every gateway within a second.",
    errors: ["tenant_not_found"],
    examples: {
      larger: {
        summary: "More deductions, fewer exports",
        path: { tenantId: "acme" },
        body: { "billing-write": 12_000, exports: 2 },
        status: 200,
      },
    },
  },
  getTenantLimits: {
    tag: "Administration",
    summary: "Get a tenant's limits",
    errors: ["tenant_not_found"],
    examples: {
      larger: { summary: "Some of its own", path: { tenantId: "acme" }, status: 200 },
    },
  },
  deleteTenantLimits: {
    tag: "Administration",
    summary: "Take a tenant's own limits back",
    description: "The deployment's are in force again. Taking them back again changes nothing.",
    answers: { 204: "Taken back." },
    errors: ["tenant_not_found"],
    examples: {
      larger: { summary: "Back to the deployment's", path: { tenantId: "acme" }, status: 204 },
    },
  },
  listAdminAudit: {
    tag: "Administration",
    summary: "List what administrators did",
    description:
      "Newest first, and append-only: who did what to which tenant or key, without secrets.",
    examples: { newest: { summary: "The newest", query: { limit: "1" }, status: 200 } },
  },
} as const satisfies Readonly<Record<string, OperationReference>>;
