import type { xdr } from "@stellar/stellar-sdk";
import { type AccountEntry, accountIdOf, muxedAccountIdOf } from "../entries/entry.ts";
import { findAccount, type StateOverlay } from "../entries/ledger-state.ts";
import type { NetworkSettings } from "../ledger/network-settings.ts";
import { createAccountResult, paymentResult } from "./operation-result.ts";
import { minimumBalance, startingSequence } from "./validity.ts";

export interface ClassicContext {
  readonly state: StateOverlay;
  readonly settings: NetworkSettings;
  readonly ledger: number;
  readonly closeTime: number;
  readonly sourceId: string;
}

interface ClassicResult {
  readonly result: xdr.OperationResult;
  readonly isSuccess: boolean;
}

export function applyCreateAccount(
  operation: xdr.CreateAccountOp,
  { state, settings, ledger, sourceId }: ClassicContext,
): ClassicResult {
  const accountId = accountIdOf(operation.destination);
  const amount = operation.startingBalance;
  const fail = (code: Parameters<typeof createAccountResult>[0]) => ({
    result: createAccountResult(code),
    isSuccess: false,
  });
  if (findAccount(state, accountId)) return fail("AlreadyExist");
  if (amount < minimumBalance(settings)) return fail("LowReserve");
  const source = getAccount(state, sourceId);
  if (source.balance - amount < minimumBalance(settings)) return fail("Underfunded");
  state.put(sourceId, { ...source, balance: source.balance - amount, lastModified: ledger });
  state.put(accountId, newAccount(accountId, amount, ledger));
  return { result: createAccountResult("Success"), isSuccess: true };
}

export function applyPayment(
  operation: xdr.PaymentOp,
  { state, settings, ledger, sourceId }: ClassicContext,
): ClassicResult {
  const destinationId = muxedAccountIdOf(operation.destination);
  const { amount } = operation;
  const fail = (code: Parameters<typeof paymentResult>[0]) => ({
    result: paymentResult(code),
    isSuccess: false,
  });
  if (!findAccount(state, destinationId)) return fail("NoDestination");
  const source = getAccount(state, sourceId);
  const success = { result: paymentResult("Success"), isSuccess: true };
  if (destinationId === sourceId) return success;
  if (source.balance - amount < minimumBalance(settings)) return fail("Underfunded");
  state.put(sourceId, { ...source, balance: source.balance - amount, lastModified: ledger });
  const destination = getAccount(state, destinationId);
  state.put(destinationId, {
    ...destination,
    balance: destination.balance + amount,
    lastModified: ledger,
  });
  return success;
}

/** A new account, with the sequence number that its ledger gives it. */
export function newAccount(accountId: string, balance: bigint, ledger: number): AccountEntry {
  return {
    kind: "account",
    accountId,
    balance,
    sequence: startingSequence(ledger),
    sequenceLedger: 0,
    sequenceTime: 0,
    lastModified: ledger,
  };
}

function getAccount(state: StateOverlay, accountId: string): AccountEntry {
  const account = findAccount(state, accountId);
  if (!account) throw new Error(`no account ${accountId} where one was checked`);
  return account;
}
