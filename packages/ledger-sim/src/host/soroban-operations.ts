import { createHash } from "node:crypto";
import type { xdr } from "@stellar/stellar-sdk";
import { addressText, entryId, isTemporary, type SorobanEntry } from "../entries/entry.ts";
import { sizeOfEntry } from "../entries/entry-xdr.ts";
import { eventBytes } from "../entries/event-bytes.ts";
import { StateOverlay, type StateView } from "../entries/ledger-state.ts";
import { scValBytes } from "../entries/sc-val-bytes.ts";
import { xdrU32 } from "../entries/xdr-cache.ts";
import type { NetworkSettings } from "../ledger/network-settings.ts";
import {
  extendResult,
  invokeFailure,
  invokeSuccess,
  restoreResult,
} from "../transactions/operation-result.ts";
import type { EntryChange, OperationOutcome } from "../transactions/outcome.ts";
import { archivedIndexes } from "../transactions/validity.ts";
import { EnforcingAuthorizer } from "./authorization.ts";
import { HostError } from "./host-error.ts";
import { declaredFootprint, HostStorage, isExpired, restoredEntry } from "./host-storage.ts";
import { errorDiagnostic, invokeContract } from "./invocation.ts";
import { measureWrites, refundableFee, rentFee } from "./resources.ts";

export interface SorobanContext {
  readonly state: StateView;
  readonly settings: NetworkSettings;
  readonly ledger: number;
  readonly operationSourceId: string;
  readonly data: xdr.SorobanTransactionData;
  /** What may be spent on rent and events. */
  readonly refundableStroops: bigint;
  readonly forcedContractError: number | undefined;
}

export interface SorobanOutcome extends OperationOutcome {
  readonly overlay: StateOverlay | undefined;
  readonly refundableUsedStroops: bigint;
  readonly rentStroops: bigint;
}

/** Applies a contract call: all of its changes on success, none of them otherwise. */
export function applyInvocation(
  operation: xdr.InvokeHostFunctionOp,
  context: SorobanContext,
): SorobanOutcome {
  const { hostFunction, auth } = operation;
  if (hostFunction.type !== "hostFunctionTypeInvokeContract") {
    throw new Error(`a host function that the checks let through: ${hostFunction.type}`);
  }
  const { resources } = context.data;
  const prepared = restoreDeclared(context);
  if (!prepared) return failure(invokeFailure("EntryArchived"));
  if (prepared.bytes > resources.diskReadBytes) {
    return failure(invokeFailure("ResourceLimitExceeded"));
  }
  const { ledger, settings } = context;
  const footprint = declaredFootprint(resources.footprint);
  const storage = new HostStorage(prepared.overlay, ledger, settings, footprint);
  const call = hostFunction.invokeContract;
  const authorization = {
    passphrase: settings.passphrase,
    ledger,
    operationSourceId: context.operationSourceId,
    invocation: call,
    storage,
  };
  try {
    const done = invokeContract({
      call,
      ledger,
      settings,
      storage,
      authorizer: new EnforcingAuthorizer(authorization, auth),
      forcedContractError: context.forcedContractError,
      restoredBytes: prepared.bytes,
      restoredRentStroops: prepared.rentStroops,
    });
    const isOver =
      done.use.instructions > resources.instructions ||
      done.use.writeBytes > resources.writeBytes ||
      done.use.eventsBytes > settings.transactionLimits.eventsBytes;
    if (isOver) return failure(invokeFailure("ResourceLimitExceeded"));
    const refundableUsedStroops = refundableFee(done.use);
    if (refundableUsedStroops > context.refundableStroops) {
      return failure(invokeFailure("InsufficientRefundableFee"));
    }
    const changes = [...prepared.changes, ...changesOf(storage.overlay)];
    prepared.overlay.absorb(storage.overlay);
    return {
      result: invokeSuccess(successHash(done.returnValue, done.events)),
      isSuccess: true,
      changes,
      events: done.events,
      diagnosticEvents: [],
      returnValue: done.returnValue,
      overlay: prepared.overlay,
      refundableUsedStroops,
      rentStroops: done.use.rentStroops,
    };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const contractId = addressText(call.contractAddress);
    return failure(invokeFailure("Trapped"), [errorDiagnostic(contractId, error)]);
  }
}

/** Brings back the archived entries of the footprint; a live or unknown one is left alone. */
export function applyRestore(context: SorobanContext): SorobanOutcome {
  const { readOnly, readWrite } = context.data.resources.footprint;
  const isMalformed = readOnly.length > 0 || readWrite.some((key) => !isPersistentKey(key));
  if (isMalformed) return failure(restoreResult("Malformed"));
  const { resources } = context.data;
  const restored = restoreKeys(context, readWrite);
  const isOver =
    restored.bytes > resources.diskReadBytes ||
    measureWrites(restored.overlay, context.ledger).writeBytes > resources.writeBytes;
  if (isOver) return failure(restoreResult("ResourceLimitExceeded"));
  if (restored.rentStroops > context.refundableStroops) {
    return failure(restoreResult("InsufficientRefundableFee"));
  }
  return keptAlive(restoreResult("Success"), restored);
}

/** Extends the life of the live entries of the read-only footprint to `ledger + extendTo`. */
export function applyExtend(
  operation: xdr.ExtendFootprintTtlOp,
  context: SorobanContext,
): SorobanOutcome {
  const { readOnly, readWrite } = context.data.resources.footprint;
  const { settings, ledger, state } = context;
  const isMalformed = readWrite.length > 0 || operation.extendTo >= settings.maxEntryTtlLedgers;
  if (isMalformed) return failure(extendResult("Malformed"));
  const overlay = new StateOverlay(state);
  const liveUntil = ledger + operation.extendTo;
  let rentStroops = 0n;
  for (const key of readOnly) {
    const entry = state.find(entryId(key));
    if (entry?.kind !== "soroban" || isExpired(entry, ledger)) continue;
    if (entry.liveUntil >= liveUntil) continue;
    rentStroops += rentFee(sizeOfEntry(entry), liveUntil - entry.liveUntil);
    overlay.put(entryId(key), { ...entry, liveUntil });
  }
  if (rentStroops > context.refundableStroops) {
    return failure(extendResult("InsufficientRefundableFee"));
  }
  return keptAlive(extendResult("Success"), { overlay, changes: [], rentStroops, bytes: 0 });
}

interface Restored {
  readonly overlay: StateOverlay;
  readonly changes: readonly EntryChange[];
  readonly bytes: number;
  readonly rentStroops: bigint;
}

/** Restores what the transaction says is archived; nothing when it left one of them out. */
function restoreDeclared(context: SorobanContext): Restored | undefined {
  const { readOnly, readWrite } = context.data.resources.footprint;
  const declared = new Set(archivedIndexes(context.data));
  const isLeftOut = (key: xdr.LedgerKey, index?: number) =>
    findArchived(context, key) !== undefined && !(index !== undefined && declared.has(index));
  if (readOnly.some((key) => isLeftOut(key)) || readWrite.some(isLeftOut)) return undefined;
  return restoreKeys(
    context,
    readWrite.filter((_, index) => declared.has(index)),
  );
}

function restoreKeys(context: SorobanContext, keys: readonly xdr.LedgerKey[]): Restored {
  const overlay = new StateOverlay(context.state);
  const changes: EntryChange[] = [];
  let bytes = 0;
  let rentStroops = 0n;
  for (const key of keys) {
    const before = findArchived(context, key);
    if (!before) continue;
    const after = restoredEntry(before, context.ledger, context.settings);
    const size = sizeOfEntry(after);
    bytes += size;
    rentStroops += rentFee(size, after.liveUntil - context.ledger);
    overlay.put(entryId(key), after);
    changes.push({ before, after, isRestored: true });
  }
  return { overlay, changes, bytes, rentStroops };
}

function findArchived(context: SorobanContext, key: xdr.LedgerKey): SorobanEntry | undefined {
  const entry = context.state.find(entryId(key));
  if (entry?.kind !== "soroban" || isTemporary(key)) return undefined;
  return isExpired(entry, context.ledger) ? entry : undefined;
}

function isPersistentKey(key: xdr.LedgerKey): boolean {
  return key.type === "contractCode" || (key.type === "contractData" && !isTemporary(key));
}

function keptAlive(result: xdr.OperationResult, restored: Restored): SorobanOutcome {
  return {
    result,
    isSuccess: true,
    changes: restored.changes,
    events: [],
    diagnosticEvents: [],
    overlay: restored.overlay,
    refundableUsedStroops: restored.rentStroops,
    rentStroops: restored.rentStroops,
  };
}

function failure(
  result: xdr.OperationResult,
  diagnosticEvents: readonly xdr.DiagnosticEvent[] = [],
): SorobanOutcome {
  return {
    result,
    isSuccess: false,
    changes: [],
    events: [],
    diagnosticEvents,
    overlay: undefined,
    refundableUsedStroops: 0n,
    rentStroops: 0n,
  };
}

export function changesOf(overlay: StateOverlay): EntryChange[] {
  return [...overlay.differences()].map(({ before, after }) => ({ before, after }));
}

/** Over InvokeHostFunctionSuccessPreImage. */
function successHash(returnValue: xdr.ScVal, events: readonly xdr.ContractEvent[]): Uint8Array {
  const preimage = [scValBytes(returnValue), xdrU32(events.length), ...events.map(eventBytes)];
  return createHash("sha256").update(Buffer.concat(preimage)).digest();
}
