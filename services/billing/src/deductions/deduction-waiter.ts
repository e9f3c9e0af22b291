import { MAX_WAITING_CALLS } from "@orrery/common/contracts/operations";
import type { UsageEvent } from "@orrery/common/repositories/usage-event/usage-event";
import type { UsageEventRepository } from "@orrery/common/repositories/usage-event/usage-event-repository";
import { SettlementWaiter, type SettlementWaiterOptions } from "./settlement-waiter.ts";

interface DeductionWaiterOptions
  extends Pick<SettlementWaiterOptions<UsageEvent>, "pollMs" | "onPollError"> {
  events: Pick<UsageEventRepository, "listSettled">;
}

/** Waits for deductions, by their requestId. */
export function createDeductionWaiter({
  events,
  ...options
}: DeductionWaiterOptions): SettlementWaiter<UsageEvent> {
  return new SettlementWaiter({
    ...options,
    maxWaiters: MAX_WAITING_CALLS.deductions,
    listEnded: async (keys) => {
      const settled = await events.listSettled(
        keys.map(({ tenantId, id: requestId }) => ({ tenantId, requestId })),
      );
      return settled.map(({ tenantId, event }) => ({ tenantId, id: event.requestId, end: event }));
    },
  });
}
