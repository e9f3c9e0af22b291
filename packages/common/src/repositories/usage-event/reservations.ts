import type { HeldBack } from "./usage-event-repository.ts";

/** What the adapter of settlements does for money that it holds. */
export interface Reservations {
  /** Does the work, which takes the money, unless reservations leave too little for it. */
  leaveAlone<Result>(
    tenantId: string,
    charge: SingleCharge,
    work: () => Promise<Result>,
  ): Promise<Result | HeldBack>;
  /** Takes a rejected settlement back to be charged again, unless others leave too little for it. */
  rearm(tenantId: string, settlementId: string): Promise<HeldBack | undefined>;
}

export interface SingleCharge {
  readonly vaultContractId: string;
  readonly amountStroops: bigint;
}
