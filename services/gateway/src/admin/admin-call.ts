import { uuidv7 } from "@orrery/common/contracts/id";
import type { OperationId } from "@orrery/common/contracts/operations";
import type { AdminAct } from "@orrery/common/repositories/admin-audit/admin-act";

/** Who administers, and in which request. */
export interface AdminCall {
  readonly principal: string;
  readonly requestId: string;
}

interface About extends Pick<AdminAct, "tenantId" | "subject" | "details"> {
  readonly action: OperationId;
}

/** What the audit keeps of a call; `details` as they will be read back, without what is undefined. */
export function actOf(
  { principal, requestId }: AdminCall,
  { action, tenantId, subject, details }: About,
  recordedAt: Date,
): AdminAct {
  const id = uuidv7(recordedAt.getTime());
  const asRead = JSON.parse(JSON.stringify(details)) as AdminAct["details"];
  return { id, action, tenantId, subject, principal, requestId, details: asRead, recordedAt };
}
