import { xdr } from "@stellar/stellar-sdk";
import { addressText, entryId, ledgerKeyBytes, type SorobanEntry } from "../entries/entry.ts";
import { ledgerEntryBytes, sizeOfEntry } from "../entries/entry-xdr.ts";
import { eventBytes } from "../entries/event-bytes.ts";
import { StateOverlay } from "../entries/ledger-state.ts";
import { scValBytes } from "../entries/sc-val-bytes.ts";
import { base64, xdrI64, xdrU32 } from "../entries/xdr-cache.ts";
import type { LedgerView } from "../ledger/ledger.ts";
import type { NetworkSettings } from "../ledger/network-settings.ts";
import { operationSourceIdOf, type ReceivedTransaction } from "../transactions/envelope.ts";
import { EnforcingAuthorizer, RecordingAuthorizer } from "./authorization.ts";
import { HostError } from "./host-error.ts";
import { HostStorage, isExpired, restoredEntry } from "./host-storage.ts";
import { errorDiagnostic, invokeContract } from "./invocation.ts";
import { measureWrites, nonRefundableFee, type ResourceUse, refundableFee } from "./resources.ts";

export interface SimulationOptions {
  readonly authMode: "enforce" | "record" | undefined;
  /** Recorded address credentials are of the kind that binds the address (CAP-71). */
  readonly isAddressBound: boolean;
  readonly forcedContractError: number | undefined;
}

/**
 * What `simulateTransaction` answers: XDR in base64, fees as text. Lists that few callers look at
 * are encoded when they are read.
 */
export type Simulation =
  | { readonly error: string; readonly events: readonly string[]; readonly latestLedger: number }
  | {
      readonly latestLedger: number;
      readonly transactionData: string;
      readonly minResourceFee: string;
      readonly events: readonly string[];
      readonly results?: readonly { readonly auth: readonly string[]; readonly xdr: string }[];
      readonly stateChanges: readonly StateChange[];
    };

interface StateChange {
  readonly type: "created" | "updated" | "deleted";
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

interface DryRun {
  readonly footprint: xdr.LedgerFootprint;
  readonly archivedIndexes: readonly number[];
  readonly use: ResourceUse;
  readonly overlay: StateOverlay;
  readonly returned?: { readonly auth: readonly string[]; readonly xdr: string };
  readonly events: readonly xdr.ContractEvent[];
}

/** Signatures and authorizations come on top of the envelope that is simulated. */
const SIGNATURES_SIZE_BYTES = 400;

/** Runs a transaction's one operation against the ledger without changing it. */
export function simulate(
  tx: ReceivedTransaction,
  view: LedgerView,
  settings: NetworkSettings,
  options: SimulationOptions,
): Simulation {
  const [operation, ...others] = tx.transaction.operations;
  const latestLedger = view.latest.sequence;
  const refused = (error: string) => ({ error, events: [], latestLedger });
  if (!operation || others.length > 0) {
    return refused("Transaction contains more than one operation");
  }
  const { body } = operation;
  switch (body.type) {
    case "invokeHostFunction": {
      const source = operationSourceIdOf(tx, operation);
      const run = runInvocation(body.invokeHostFunctionOp, source, view, settings, options);
      if ("error" in run) return { ...run, latestLedger };
      return toSimulation(run, tx, settings, latestLedger);
    }
    case "restoreFootprint":
    case "extendFootprintTtl": {
      if (!tx.sorobanData) return refused("Transaction has no Soroban data");
      const run = runRestore(tx.sorobanData, view, settings);
      return toSimulation(run, tx, settings, latestLedger);
    }
    default:
      return refused("Transaction contains unsupported operation type");
  }
}

function runInvocation(
  operation: xdr.InvokeHostFunctionOp,
  operationSourceId: string,
  view: LedgerView,
  settings: NetworkSettings,
  options: SimulationOptions,
): DryRun | { error: string; events: readonly string[] } {
  const { hostFunction, auth } = operation;
  if (hostFunction.type !== "hostFunctionTypeInvokeContract") {
    return { error: `host function ${hostFunction.type} is not supported`, events: [] };
  }
  const call = hostFunction.invokeContract;
  const ledger = view.latest.sequence + 1;
  const storage = new HostStorage(view.state, ledger, settings);
  const context = {
    passphrase: settings.passphrase,
    ledger,
    operationSourceId,
    invocation: call,
    storage,
  };
  const recording = new RecordingAuthorizer(context, options.isAddressBound);
  const isEnforced = options.authMode ? options.authMode === "enforce" : auth.length > 0;
  try {
    const done = invokeContract({
      call,
      ledger,
      settings,
      storage,
      authorizer: isEnforced ? new EnforcingAuthorizer(context, auth) : recording,
      forcedContractError: options.forcedContractError,
      restoredBytes: 0,
      restoredRentStroops: 0n,
    });
    const { readOnly, readWrite } = storage.touched();
    const archivedIndexes = readWrite.flatMap((key, index) =>
      storage.restored.has(entryId(key)) ? [index] : [],
    );
    const diskReadBytes = sizeOf(
      archivedIndexes.map((index) => readWrite[index]),
      storage.overlay,
    );
    return {
      footprint: new xdr.LedgerFootprint({ readOnly, readWrite }),
      archivedIndexes,
      use: { ...done.use, diskReadBytes },
      overlay: storage.overlay,
      returned: {
        auth: (isEnforced ? auth : recording.entries).map((entry) => entry.toXdr("base64")),
        xdr: base64(scValBytes(done.returnValue)),
      },
      events: done.events,
    };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return failedCall(call, error);
  }
}

/** The text and the diagnostic event in which the network reports a failed call. */
function failedCall(call: xdr.InvokeContractArgs, error: HostError) {
  const contractId = addressText(call.contractAddress);
  const log = `0: [Diagnostic Event] contract:${contractId}, topics:[error, ${error.label}], data:"${error.reason}"`;
  return {
    error: `${error.message}\n\nEvent log (newest first):\n   ${log}\n`,
    events: isContract(contractId) ? [errorDiagnostic(contractId, error).toXdr("base64")] : [],
  };
}

function isContract(address: string): boolean {
  return address.startsWith("C");
}

function runRestore(
  data: xdr.SorobanTransactionData,
  view: LedgerView,
  settings: NetworkSettings,
): DryRun {
  const { footprint } = data.resources;
  const ledger = view.latest.sequence + 1;
  const overlay = new StateOverlay(view.state);
  for (const key of footprint.readWrite) {
    const entry = view.state.find(entryId(key));
    if (entry?.kind !== "soroban" || !isExpired(entry, ledger)) continue;
    overlay.put(entryId(key), restoredEntry(entry, ledger, settings));
  }
  const { writeBytes, rentStroops } = measureWrites(overlay, ledger);
  const use = {
    instructions: 0,
    writeBytes,
    diskReadBytes: writeBytes,
    eventsBytes: 0,
    rentStroops,
  };
  return { footprint, archivedIndexes: [], use, overlay, events: [] };
}

function toSimulation(
  run: DryRun,
  tx: ReceivedTransaction,
  settings: NetworkSettings,
  latestLedger: number,
): Simulation {
  const resources = new xdr.SorobanResources({
    footprint: run.footprint,
    instructions: withLeeway(run.use.instructions, settings.transactionLimits.instructions),
    diskReadBytes: run.use.diskReadBytes,
    writeBytes: run.use.writeBytes,
  });
  const { archivedIndexes } = run;
  const ext =
    archivedIndexes.length > 0
      ? xdr.SorobanTransactionDataExt.resourceExt(
          new xdr.SorobanResourcesExtV0({ archivedSorobanEntries: [...archivedIndexes] }),
        )
      : xdr.SorobanTransactionDataExt.v0();
  const resourcesXdr = resourcesBytes(resources);
  const sizeBytes =
    tx.sizeBytes +
    resourcesXdr.length +
    (run.returned?.auth ?? []).reduce((sum, entry) => sum + entry.length, 0) +
    SIGNATURES_SIZE_BYTES;
  const resourceFee =
    ((nonRefundableFee(resources, archivedIndexes.length, sizeBytes) + refundableFee(run.use)) *
      115n) /
    100n;
  return {
    transactionData: base64(Buffer.concat([ext.toXdr(), resourcesXdr, xdrI64(resourceFee)])),
    minResourceFee: resourceFee.toString(),
    ...(run.returned && { results: [run.returned] }),
    latestLedger,
    get events() {
      return run.events.map(diagnosticOf);
    },
    get stateChanges() {
      return stateChanges(run.overlay);
    },
  };
}

/** SorobanResources: the keys of the footprint are encoded once for all calls. */
function resourcesBytes(resources: xdr.SorobanResources): Uint8Array {
  const { footprint, instructions, diskReadBytes, writeBytes } = resources;
  const { readOnly, readWrite } = footprint;
  return Buffer.concat([
    xdrU32(readOnly.length),
    ...readOnly.map(ledgerKeyBytes),
    xdrU32(readWrite.length),
    ...readWrite.map(ledgerKeyBytes),
    xdrU32(instructions),
    xdrU32(diskReadBytes),
    xdrU32(writeBytes),
  ]);
}

/** DiagnosticEvent: in a call that succeeded, and the event itself. */
function diagnosticOf(event: xdr.ContractEvent): string {
  return base64(Buffer.concat([xdrU32(1), eventBytes(event)]));
}

function withLeeway(value: number, most: number): number {
  return Math.min(Math.ceil(value * 1.1), most);
}

function sizeOf(keys: readonly (xdr.LedgerKey | undefined)[], overlay: StateOverlay): number {
  return keys.reduce((sum, key) => {
    const entry = key && overlay.find(entryId(key));
    return sum + (entry ? sizeOfEntry(entry) : 0);
  }, 0);
}

function stateChanges(overlay: StateOverlay): StateChange[] {
  return [...overlay.differences()].map(({ before, after }) => ({
    type: before ? (after ? "updated" : "deleted") : "created",
    key: entryId(((after ?? before) as SorobanEntry).key),
    before: before ? base64(ledgerEntryBytes(before)) : null,
    after: after ? base64(ledgerEntryBytes(after)) : null,
  }));
}
