import { xdr } from "@stellar/stellar-sdk";
import { addressText, contractDataEntry, scAddress } from "../entries/entry.ts";
import { sizeOfEvent } from "../entries/event-bytes.ts";
import { sizeOfScVal } from "../entries/sc-val-bytes.ts";
import type { NetworkSettings } from "../ledger/network-settings.ts";
import { type ContractHost, runVaultFunction } from "../vault/vault-contract.ts";
import { VAULT_CODE_KEY } from "../vault/vault-storage.ts";
import type { Authorizer } from "./authorization.ts";
import { HostError } from "./host-error.ts";
import type { HostStorage } from "./host-storage.ts";
import { measureWrites, type ResourceUse } from "./resources.ts";

export interface InvocationResult {
  readonly returnValue: xdr.ScVal;
  readonly events: readonly xdr.ContractEvent[];
  readonly use: ResourceUse;
}

export interface Invocation {
  readonly call: xdr.InvokeContractArgs;
  readonly ledger: number;
  readonly settings: NetworkSettings;
  readonly storage: HostStorage;
  readonly authorizer: Authorizer;
  /** A contract error that the network is told to give, whatever the contract would say. */
  readonly forcedContractError: number | undefined;
  /** Bytes of archived entries that had to be read back from disk. */
  readonly restoredBytes: number;
  readonly restoredRentStroops: bigint;
}

/**
 * Runs a contract call against its storage.
 * @throws {HostError} by the contract or the host; the storage's changes are then to be dropped
 */
export function invokeContract(invocation: Invocation): InvocationResult {
  const host = new VaultHost(invocation);
  if (!invocation.storage.find(VAULT_CODE_KEY)) {
    throw HostError.host("Storage", "MissingValue", "no code for the contract");
  }
  const returnValue = runVaultFunction(
    host,
    invocation.call.functionName.toString(),
    invocation.call.args,
  );
  const { forcedContractError } = invocation;
  if (forcedContractError !== undefined) {
    throw HostError.contract(forcedContractError, "told to fail by sim_setFaults");
  }
  const { writeBytes, rentStroops } = measureWrites(invocation.storage.overlay, invocation.ledger);
  const eventsBytes = host.events.reduce((sum, event) => sum + sizeOfEvent(event), 0);
  return {
    returnValue,
    events: host.events,
    use: {
      instructions: host.instructions,
      writeBytes,
      diskReadBytes: invocation.restoredBytes,
      eventsBytes: eventsBytes + sizeOfScVal(returnValue),
      rentStroops: rentStroops + invocation.restoredRentStroops,
    },
  };
}

class VaultHost implements ContractHost {
  readonly contractId: string;
  readonly ledger: number;
  readonly events: xdr.ContractEvent[] = [];
  instructions = 0;
  readonly #invocation: Invocation;

  constructor(invocation: Invocation) {
    this.#invocation = invocation;
    this.ledger = invocation.ledger;
    this.contractId = addressText(invocation.call.contractAddress);
  }

  read(key: xdr.LedgerKey): xdr.ScVal | undefined {
    const data = this.#invocation.storage.find(key)?.data;
    return data?.type === "contractData" ? data.value.val : undefined;
  }

  write(key: xdr.LedgerKey, value: xdr.ScVal): void {
    const { storage, settings, ledger } = this.#invocation;
    const liveUntil = storage.find(key)?.liveUntil ?? ledger + settings.minPersistentTtlLedgers - 1;
    storage.put(key, contractDataEntry(key, value, liveUntil, ledger));
  }

  requireAuth(address: string): void {
    this.#invocation.authorizer.requireAuth(address);
  }

  emit(topics: xdr.ScVal[], data: xdr.ScVal): void {
    this.events.push(contractEvent(this.contractId, topics, data));
  }

  charge(instructions: number): void {
    this.instructions += instructions;
  }
}

export function contractEvent(
  contractId: string,
  topics: xdr.ScVal[],
  data: xdr.ScVal,
): xdr.ContractEvent {
  return new xdr.ContractEvent({
    ext: xdr.ExtensionPoint.v0(),
    contractId: contractIdOf(contractId),
    type: xdr.ContractEventType.contract,
    body: xdr.ContractEventBody.v0(new xdr.ContractEventV0({ topics, data })),
  });
}

function contractIdOf(contractId: string): xdr.ContractId {
  const address = scAddress(contractId);
  if (address.type !== "scAddressTypeContract") throw new Error(`no contract: ${contractId}`);
  return address.contractId;
}

/** The diagnostic event by which the network says why a call failed. */
export function errorDiagnostic(contractId: string, error: HostError): xdr.DiagnosticEvent {
  return new xdr.DiagnosticEvent({
    inSuccessfulContractCall: false,
    event: new xdr.ContractEvent({
      ext: xdr.ExtensionPoint.v0(),
      contractId: contractIdOf(contractId),
      type: xdr.ContractEventType.diagnostic,
      body: xdr.ContractEventBody.v0(
        new xdr.ContractEventV0({
          topics: [xdr.ScVal.scvSymbol("error"), xdr.ScVal.scvError(error.scError)],
          data: xdr.ScVal.scvString(error.reason),
        }),
      ),
    }),
  });
}
