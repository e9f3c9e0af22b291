import type { Burn } from "@orrery/common/repositories/burn/burn-repository";

/** A burn as it goes over the wire. */
export function burnReply({ burnedAt, createdAt, amount, ...burn }: Burn) {
  return {
    ...burn,
    amount: amount.toString(),
    timestamp: burnedAt.toISOString(),
    createdAt: createdAt.toISOString(),
  };
}
