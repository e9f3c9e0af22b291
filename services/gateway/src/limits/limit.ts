import type { Scope } from "@orrery/common/contracts/scope";
import { Type } from "typebox";

/** Every limit of the gateway, with the variable that sets it and its default, per minute. */
export const LIMITS = {
  "billing-write": { variable: "LIMIT_BILLING_WRITE_PER_MINUTE", perMinute: 6_000 },
  "billing-read": { variable: "LIMIT_BILLING_READ_PER_MINUTE", perMinute: 60_000 },
  "catalog-write": { variable: "LIMIT_CATALOG_WRITE_PER_MINUTE", perMinute: 6_000 },
  "catalog-read": { variable: "LIMIT_CATALOG_READ_PER_MINUTE", perMinute: 60_000 },
  "auth-failure": { variable: "LIMIT_AUTH_FAILURES_PER_MINUTE", perMinute: 60 },
} as const;

export type LimitGroup = keyof typeof LIMITS;
/** Requests allowed per minute, by group. */
export type LimitSettings = Readonly<Record<LimitGroup, number>>;

export const LIMIT_WINDOW_MS = 60_000;

/** The group that a call counts in; administration is not limited. */
export const GROUP_OF_SCOPE: Readonly<Record<Scope, LimitGroup | undefined>> = {
  "billing:write": "billing-write",
  "billing:read": "billing-read",
  "catalog:write": "catalog-write",
  "catalog:read": "catalog-read",
  admin: undefined,
};

type LimitVariable = (typeof LIMITS)[LimitGroup]["variable"];

const GROUPS = Object.keys(LIMITS) as LimitGroup[];

/** The variables of the limits, for the configuration schema. */
export const LIMIT_VARIABLES = Object.fromEntries(
  GROUPS.map((group) => [
    LIMITS[group].variable,
    Type.Integer({
      description:
        group === "auth-failure"
          ? "Refused credentials per minute and address, before the address is refused."
          : `Requests per minute and tenant in the group \`${group}\`.`,
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
