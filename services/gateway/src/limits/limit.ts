import { OPERATIONS, type Operation, SIGNED_LINK } from "@orrery/common/contracts/operations";
import { Type } from "typebox";

/** Every limit of the gateway, with the variable that sets it and its default, per minute. */
export const LIMITS = {
  "billing-write": { variable: "LIMIT_BILLING_WRITE_PER_MINUTE", perMinute: 6_000 },
  "billing-read": { variable: "LIMIT_BILLING_READ_PER_MINUTE", perMinute: 60_000 },
  "catalog-write": { variable: "LIMIT_CATALOG_WRITE_PER_MINUTE", perMinute: 6_000 },
  "catalog-read": { variable: "LIMIT_CATALOG_READ_PER_MINUTE", perMinute: 60_000 },
  exports: { variable: "LIMIT_EXPORTS_PER_MINUTE", perMinute: 5 },
  "signed-link": { variable: "LIMIT_SIGNED_LINKS_PER_MINUTE", perMinute: 600 },
  "auth-failure": { variable: "LIMIT_AUTH_FAILURES_PER_MINUTE", perMinute: 60 },
} as const;

export type LimitGroup = keyof typeof LIMITS;
/** Requests allowed per minute, by group. */
export type LimitSettings = Readonly<Record<LimitGroup, number>>;

export const LIMIT_WINDOW_MS = 60_000;

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

type LimitVariable = (typeof LIMITS)[LimitGroup]["variable"];

const GROUPS = Object.keys(LIMITS) as LimitGroup[];

const DESCRIPTIONS: Partial<Record<LimitGroup, string>> = {
  exports: "Exports that one principal may create per minute.",
  "signed-link": "Requests by signed link per minute and address.",
  "auth-failure": "Refused credentials per minute and address, before the address is refused.",
};

/** The variables of the limits, for the configuration schema. */
export const LIMIT_VARIABLES = Object.fromEntries(
  GROUPS.map((group) => [
    LIMITS[group].variable,
    Type.Integer({
      description:
        DESCRIPTIONS[group] ?? `Requests per minute and tenant in the group \`${group}\`.`,
      default: LIMITS[group].perMinute,
      minimum: 1,
      maximum: 1_000_000_000,
    }),
  ]),
) as Record<LimitVariable, ReturnType<typeof Type.Integer>>;

export function limitsOf(config: Readonly<Record<LimitVariable, number>>): LimitSettings {
  return Object.fromEntries(
    GROUPS.map((group) => [group, config[LIMITS[group].variable]]),
  ) as Record<LimitGroup, number>;
}
