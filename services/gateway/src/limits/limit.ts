import { OPERATIONS, type Operation, SIGNED_LINK } from "@orrery/common/contracts/operations";
import { Type } from "typebox";

/** Every limit of the gateway: the variable that sets it, its default, and whose calls it counts. */
export const LIMITS = {
  "billing-write": {
    variable: "LIMIT_BILLING_WRITE_PER_MINUTE",
    perMinute: 6_000,
    counts: "tenant",
  },
  "billing-read": {
    variable: "LIMIT_BILLING_READ_PER_MINUTE",
    perMinute: 60_000,
    counts: "tenant",
  },
  "catalog-write": {
    variable: "LIMIT_CATALOG_WRITE_PER_MINUTE",
    perMinute: 6_000,
    counts: "tenant",
  },
  "catalog-read": {
    variable: "LIMIT_CATALOG_READ_PER_MINUTE",
    perMinute: 60_000,
    counts: "tenant",
  },
  exports: { variable: "LIMIT_EXPORTS_PER_MINUTE", perMinute: 5, counts: "principal" },
  "signed-link": { variable: "LIMIT_SIGNED_LINKS_PER_MINUTE", perMinute: 600, counts: "address" },
  "auth-failure": { variable: "LIMIT_AUTH_FAILURES_PER_MINUTE", perMinute: 60, counts: "address" },
} as const;

/** The highest limit that can be set. */
export const MAX_PER_MINUTE = 1_000_000_000;

export type LimitGroup = keyof typeof LIMITS;
/** Requests allowed per minute, by group. */
export type LimitSettings = Readonly<Record<LimitGroup, number>>;

export const LIMIT_WINDOW_MS = 60_000;

/** Groups that a tenant may have limits of its own in. */
export const TENANT_GROUPS = [
  "billing-write",
  "billing-read",
  "catalog-write",
  "catalog-read",
  "exports",
] as const satisfies readonly LimitGroup[];

export type TenantGroup = (typeof TENANT_GROUPS)[number];

const GROUP_OF_SCOPE: Readonly<Record<Operation["scope"], LimitGroup | undefined>> = {
  "billing:write": "billing-write",
  "billing:read": "billing-read",
  "catalog:write": "catalog-write",
  "catalog:read": "catalog-read",
  [SIGNED_LINK]: "signed-link",
  admin: undefined,
};

/** Operations that count in a group of their own. */
const GROUP_OF_OPERATION: ReadonlyMap<Operation, LimitGroup> = new Map([
  [OPERATIONS.createExport, "exports"],
]);

/** The group that a call counts in; administration is not limited. */
export function limitGroupOf(operation: Operation): LimitGroup | undefined {
  return GROUP_OF_OPERATION.get(operation) ?? GROUP_OF_SCOPE[operation.scope];
}

/** Calls that count as often as their body has entries. */
const COUNTED_BY_ENTRIES: ReadonlySet<Operation> = new Set([OPERATIONS.deductBulk]);

export function isCountedByEntries(operation: Operation): boolean {
  return COUNTED_BY_ENTRIES.has(operation);
}

type LimitVariable = (typeof LIMITS)[LimitGroup]["variable"];

export const LIMIT_GROUPS = Object.keys(LIMITS) as LimitGroup[];

const DESCRIPTIONS: Partial<Record<LimitGroup, string>> = {
  exports: "Exports that one principal may create per minute.",
  "signed-link": "Requests by signed link per minute and address.",
  "auth-failure": "Refused credentials per minute and address, before the address is refused.",
};

/** The variables of the limits, for the configuration schema. */
export const LIMIT_VARIABLES = Object.fromEntries(
  LIMIT_GROUPS.map((group) => [
    LIMITS[group].variable,
    Type.Integer({
      description:
        DESCRIPTIONS[group] ?? `Requests per minute and tenant in the group \`${group}\`.`,
      default: LIMITS[group].perMinute,
      minimum: 1,
      maximum: MAX_PER_MINUTE,
    }),
  ]),
) as Record<LimitVariable, ReturnType<typeof Type.Integer>>;

export function limitsOf(config: Readonly<Record<LimitVariable, number>>): LimitSettings {
  return Object.fromEntries(
    LIMIT_GROUPS.map((group) => [group, config[LIMITS[group].variable]]),
  ) as Record<LimitGroup, number>;
}

/** Where limits are counted. */
export const LIMIT_STORE_VARIABLES = {
  LIMIT_STORE_TIMEOUT_MS: Type.Integer({
    description: "A Redis slower than this is done without: the instance counts by itself.",
    default: 100,
    minimum: 1,
    maximum: 60_000,
  }),
};
