import { xdr } from "@stellar/stellar-sdk";
import { HostError } from "../host/host-error.ts";
import { VAULT_ERRORS } from "./vault-spec.ts";
import {
  developerKey,
  instanceKey,
  instanceValue,
  markerKey,
  readInstanceValue,
  type VaultInstance,
} from "./vault-storage.ts";
import {
  addressValue,
  I128_MAX,
  i128,
  readAddress,
  readI128,
  readOptionalSymbol,
  readStruct,
  readSymbol,
  readU32,
  readVec,
  symbolOrVoid,
} from "./vault-values.ts";

/** What the host offers a contract while it runs one call. */
export interface ContractHost {
  readonly contractId: string;
  readonly ledger: number;
  read(key: xdr.LedgerKey): xdr.ScVal | undefined;
  write(key: xdr.LedgerKey, value: xdr.ScVal): void;
  /** @throws {HostError} when the address did not authorise this very call */
  requireAuth(address: string): void;
  emit(topics: xdr.ScVal[], data: xdr.ScVal): void;
  charge(instructions: number): void;
}

interface Deduction {
  readonly amount: bigint;
  readonly requestId: string | undefined;
  readonly developer: string;
}

const DEDUCT = xdr.ScVal.scvSymbol("deduct");
const MAX_BATCH = 50;
const CALL_INSTRUCTIONS = 2_000_000;
const DEDUCTION_INSTRUCTIONS = 1_200_000;

type ContractFunction = (host: ContractHost, args: readonly xdr.ScVal[]) => xdr.ScVal;

const FUNCTIONS: Readonly<Record<string, { arity: number; run: ContractFunction }>> = {
  deduct: { arity: 5, run: deduct },
  batch_deduct: { arity: 2, run: batchDeduct },
  balance: { arity: 0, run: balance },
  deposit: { arity: 2, run: deposit },
  is_request_processed: { arity: 1, run: isRequestProcessed },
};

/**
 * Runs one function of the vault contract.
 * @throws {HostError} the contract's own errors (`VAULT_ERRORS`) and those of a malformed call
 */
export function runVaultFunction(
  host: ContractHost,
  name: string,
  args: readonly xdr.ScVal[],
): xdr.ScVal {
  const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!called) throw HostError.host("WasmVm", "MissingValue", `no function ${name}`);
  if (args.length !== called.arity) {
    throw HostError.host("WasmVm", "UnexpectedSize", `${name} takes ${called.arity} arguments`);
  }
  host.charge(CALL_INSTRUCTIONS);
  return called.run(host, args);
}

function deduct(host: ContractHost, args: readonly xdr.ScVal[]): xdr.ScVal {
  const [callerValue, amount, requestId, maxFeeBps, developer] = args as [
    xdr.ScVal,
    xdr.ScVal,
    xdr.ScVal,
    xdr.ScVal,
    xdr.ScVal,
  ];
  const caller = readAddress(callerValue);
  readU32(maxFeeBps);
  const item = {
    amount: readI128(amount),
    requestId: readOptionalSymbol(requestId),
    developer: readAddress(developer),
  };
  return i128(deductAll(host, caller, [item]));
}

function batchDeduct(host: ContractHost, args: readonly xdr.ScVal[]): xdr.ScVal {
  const [callerValue, itemsValue] = args as [xdr.ScVal, xdr.ScVal];
  const caller = readAddress(callerValue);
  const items = readVec(itemsValue).map(readItem);
  if (items.length === 0) throw contractError("BatchEmpty");
  if (items.length > MAX_BATCH) throw contractError("BatchTooLarge");
  return i128(deductAll(host, caller, items));
}

function readItem(value: xdr.ScVal): Deduction {
  const { amount, developer, request_id } = readStruct(value, [
    "amount",
    "developer",
    "request_id",
  ]) as Record<"amount" | "developer" | "request_id", xdr.ScVal>;
  return {
    amount: readI128(amount),
    requestId: readOptionalSymbol(request_id),
    developer: readAddress(developer),
  };
}

function balance(host: ContractHost): xdr.ScVal {
  return i128(readVault(host).balance);
}

function deposit(host: ContractHost, args: readonly xdr.ScVal[]): xdr.ScVal {
  const [callerValue, amountValue] = args as [xdr.ScVal, xdr.ScVal];
  const caller = readAddress(callerValue);
  const amount = readI128(amountValue);
  const vault = readVault(host);
  host.requireAuth(caller);
  if (vault.isPaused) throw contractError("Paused");
  if (amount <= 0n) throw contractError("AmountNotPositive");
  const newBalance = vault.balance + amount;
  if (newBalance > I128_MAX) throw contractError("Overflow");
  writeVault(host, { ...vault, balance: newBalance });
  host.emit(
    [xdr.ScVal.scvSymbol("deposit"), callerValue],
    xdr.ScVal.scvVec([i128(amount), i128(newBalance)]),
  );
  return i128(newBalance);
}

function isRequestProcessed(host: ContractHost, args: readonly xdr.ScVal[]): xdr.ScVal {
  const [requestId] = args as [xdr.ScVal];
  readVault(host);
  const marker = host.read(markerKey(host.contractId, readSymbol(requestId)));
  return xdr.ScVal.scvBool(marker !== undefined);
}

function deductAll(host: ContractHost, caller: string, items: readonly Deduction[]): bigint {
  const vault = readVault(host);
  host.requireAuth(caller);
  if (vault.isPaused) throw contractError("Paused");
  if (caller !== vault.authorizedCaller) throw contractError("Unauthorized");
  let left = vault.balance;
  for (const item of items) left = deductOne(host, vault, caller, item, left);
  writeVault(host, { ...vault, balance: left });
  return left;
}

function deductOne(
  host: ContractHost,
  vault: VaultInstance,
  caller: string,
  { amount, requestId, developer }: Deduction,
  balanceBefore: bigint,
): bigint {
  host.charge(DEDUCTION_INSTRUCTIONS);
  if (amount <= 0n) throw contractError("AmountNotPositive");
  if (amount > vault.maxDeduct) throw contractError("ExceedsMaxDeduct");
  if (vault.hasMarkers && requestId !== undefined) {
    const marker = markerKey(host.contractId, requestId);
    if (host.read(marker) !== undefined) throw contractError("DuplicateRequestId");
    host.write(marker, xdr.ScVal.scvU32(host.ledger));
  }
  if (balanceBefore < amount) throw contractError("InsufficientBalance");
  const newBalance = balanceBefore - amount;
  payDeveloper(host, developer, amount);
  host.emit(
    [DEDUCT, addressValue(caller), symbolOrVoid(requestId)],
    xdr.ScVal.scvVec([i128(amount), i128(newBalance)]),
  );
  return newBalance;
}

function payDeveloper(host: ContractHost, developer: string, amount: bigint): void {
  const key = developerKey(host.contractId, developer);
  const received = host.read(key);
  const total = (received ? readI128(received) : 0n) + amount;
  if (total > I128_MAX) throw contractError("Overflow");
  host.write(key, i128(total));
}

function readVault(host: ContractHost): VaultInstance {
  const value = host.read(instanceKey(host.contractId));
  if (!value) throw HostError.host("Storage", "MissingValue", "no such contract");
  return readInstanceValue(value);
}

function writeVault(host: ContractHost, vault: VaultInstance): void {
  host.write(instanceKey(host.contractId), instanceValue(vault));
}

function contractError(name: keyof typeof VAULT_ERRORS): HostError {
  return HostError.contract(VAULT_ERRORS[name], name);
}
