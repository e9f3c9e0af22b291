import type { OperationId } from "../operations.ts";
import { ADMIN_REFERENCE } from "./admin-reference.ts";
import { BILLING_REFERENCE } from "./billing-reference.ts";
import { CATALOG_REFERENCE } from "./catalog-reference.ts";
import { EXPORT_REFERENCE } from "./export-reference.ts";
import type { OperationReference } from "./operation-reference.ts";
import { STREAM_REFERENCE } from "./stream-reference.ts";

/**
 * What the API reference says of every operation, in its order: a story, whose examples can be run
 * from the first to the last. An operation without an entry is a type error here.
 */
export const REFERENCE: Readonly<Record<OperationId, OperationReference>> = {
  ...ADMIN_REFERENCE,
  ...BILLING_REFERENCE,
  ...STREAM_REFERENCE,
  ...EXPORT_REFERENCE,
  ...CATALOG_REFERENCE,
};
