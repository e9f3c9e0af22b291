import type { Burn, RecordedBurn } from "@orrery/common/repositories/burn/burn-repository";

/** A burn as it goes over the wire. */
function burnReply({ burnedAt, createdAt, amount, ...burn }: Burn) {
  return {
    ...burn,
    amount: amount.toString(),
    timestamp: burnedAt.toISOString(),
    createdAt: createdAt.toISOString(),
  };
}

/** What the report of a burn is answered: 200 when it was recorded before. */
export function recordedAnswer({ burn, sequence }: RecordedBurn) {
  return { status: sequence === undefined ? 200 : 201, body: burnReply(burn) };
}
