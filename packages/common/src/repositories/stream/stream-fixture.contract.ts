import type { SubmissionIntent } from "@orrery/soroban/intent/submission-intent";
import type { Outcome, SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { namedUuid } from "../../contracts/id.ts";
import type { VaultRepository } from "../vault/vault-repository.ts";
import { type NewStream, type Stream, told } from "./stream.ts";
import type { LockedStream, StreamRepository, StreamWrite } from "./stream-repository.ts";
import { settlementSubject } from "./stream-settlement.ts";

/** The time that adapters under test live at. */
export interface TestTime {
  nowMs: number;
}

export interface StreamFixture {
  streams: StreamRepository;
  vaults: VaultRepository;
  /** Its resolution hook settles streams. */
  journal: SubmissionJournal;
}

export const START = new Date("2026-03-01T12:00:00.000Z");

export function newStream(id: string, changes: Partial<NewStream> = {}): NewStream {
  return {
    id,
    senderUserId: "ada",
    recipient: "GRECIPIENT",
    token: "USDC",
    ratePerSecondStroops: 10n,
    totalStroops: 1_000n,
    ...changes,
  };
}

/** The stream under the lock, which must exist. */
export function mustBe({ stream }: LockedStream): Stream {
  if (stream === undefined) throw new Error("there is no such stream");
  return stream;
}

/** A draft that begins to accrue. */
export function started(locked: LockedStream): StreamWrite {
  const stream: Stream = {
    ...mustBe(locked),
    status: "active",
    activeSince: locked.now,
    startedAt: locked.now,
    updatedAt: locked.now,
  };
  return told(stream, "stream.started", locked.now);
}

/** The payment of 7 stroops for a stream that has been active for 700 ms. */
export function settling(
  locked: LockedStream,
  tenantId: string,
): StreamWrite & { readonly charge: SubmissionIntent } {
  const stream = mustBe(locked);
  const number = stream.settlementCount + 1;
  const subjectId = settlementSubject(stream.id, number);
  const charge: SubmissionIntent = {
    intentId: namedUuid(`${tenantId}\n${subjectId}`),
    tenantId,
    kind: "stream",
    subjectId,
    vaultContractId: "C1",
    payee: stream.recipient,
    amountStroops: 7n,
    marker: subjectId,
    createdAtMs: locked.now.getTime(),
  };
  const settlement = {
    intentId: charge.intentId,
    action: "settle",
    state: "pending",
    amountStroops: 7n,
    activeMs: 700,
    vaultContractId: "C1",
    requestedAt: locked.now,
  } as const;
  const frozen: Stream = { ...stream, settlementCount: number, settlement };
  return { ...told(frozen, "stream.settlement_requested", locked.now), charge };
}

/** As the network's confirmation. */
export const PAID: Outcome = {
  state: "confirmed",
  confirmation: { txHash: "ab".repeat(32), ledger: 12, evidence: "transaction" },
};

export const UNPAID: Outcome = {
  state: "refused",
  failure: { reason: "insufficient_balance", contractError: 5, detail: "for operators" },
};
