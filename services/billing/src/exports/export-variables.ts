import { Secret } from "@orrery/common/config/env";
import { LINK_VARIABLES } from "@orrery/common/config/service-variables";
import { CONTEXT_KEYS_PATTERN, parseContextKeys } from "@orrery/common/http/context-keys";
import { Type } from "typebox";

/** What exports read from the environment. */
export const EXPORT_VARIABLES = {
  EXPORT_URL_KEYS: Secret({
    description:
      "Keys of the links to exports' files, written as `CONTEXT_SIGNING_KEYS` are and equal to none of them.",
    pattern: CONTEXT_KEYS_PATTERN,
  }),
  EXPORT_URL_TTL_S: Type.Integer({
    description: "How long a link to an export's file is good for.",
    default: 3_600,
    minimum: 1,
    maximum: 604_800,
  }),
  EXPORT_RETENTION_DAYS: Type.Integer({
    description: "How long an export is kept after it was asked for.",
    default: 7,
    minimum: 1,
    maximum: 365,
  }),
  EXPORT_CONCURRENCY: Type.Integer({
    description:
      "Exports that a process writes at a time; each holds a connection beside `DB_POOL_SIZE`.",
    default: 2,
    minimum: 1,
    maximum: 16,
  }),
  EXPORT_MAX_BYTES: Type.Integer({
    description: "The largest file of an export; one that would be larger fails.",
    default: 10_737_418_240,
    minimum: 1_024,
    maximum: 80_000_000_000,
  }),
  EXPORT_MAX_PENDING_PER_TENANT: Type.Integer({
    description: "Exports of one tenant that may wait for their file; more are refused with 503.",
    default: 100,
    minimum: 1,
    maximum: 10_000,
  }),
  ...LINK_VARIABLES,
};

/** Who signs contexts must not be able to open exports by it, nor the other way round. */
export function exportFaults(config: {
  CONTEXT_SIGNING_KEYS: string;
  EXPORT_URL_KEYS: string;
}): string[] {
  const contextKeys = parseContextKeys(config.CONTEXT_SIGNING_KEYS);
  const isShared = parseContextKeys(config.EXPORT_URL_KEYS).some(({ secret }) =>
    contextKeys.some((key) => Buffer.from(key.secret).equals(secret)),
  );
  return isShared ? ["EXPORT_URL_KEYS and CONTEXT_SIGNING_KEYS share a key"] : [];
}
