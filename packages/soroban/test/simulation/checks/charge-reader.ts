import type { ClosedLedger, EventRecord } from "@orrery/ledger-sim/ledger/history";
import { Address, scValToNative, xdr } from "@stellar/stellar-sdk/base";

/** One charge as the chain shows it: by its event, and by the call that caused it. */
export interface ChainCharge {
  readonly marker: string;
  readonly vaultContractId: string;
  readonly amountStroops: bigint;
  readonly payee: string;
  readonly caller: string;
  readonly txHash: string;
  /** The same, unless a fee bump is around it: the network finds it by either. */
  readonly innerHash: string;
  readonly ledger: number;
}

/**
 * The charges of one ledger. Read independently of the engine's own decoding: what both would get
 * wrong in the same way would not be noticed.
 */
export function readCharges({ transactions, events }: ClosedLedger): ChainCharge[] {
  const calls = new Map<string, readonly CalledItem[]>();
  for (const { hash, innerHash, isSuccess, isSoroban, envelopeXdr } of transactions) {
    if (isSuccess && isSoroban) calls.set(hash, calledItems(envelopeXdr, innerHash));
  }
  return events.flatMap((event) => {
    const marker = markerOf(event);
    if (marker === undefined) return [];
    const items = calls.get(event.txHash) ?? [];
    const item = items.find((candidate) => candidate.marker === marker);
    if (item === undefined) throw new Error(`an event that no call explains: ${event.txHash}`);
    const { contractId: vaultContractId, txHash, ledger } = event;
    return [{ ...item, marker, vaultContractId, amountStroops: amountOf(event), txHash, ledger }];
  });
}

type CalledItem = Pick<ChainCharge, "marker" | "payee" | "caller" | "innerHash">;

/** The request ids and payees of a call of `deduct` or `batch_deduct`. */
function calledItems(envelopeXdr: string, innerHash: string): readonly CalledItem[] {
  const envelope = xdr.TransactionEnvelope.fromXdr(envelopeXdr, "base64");
  const { operations } =
    envelope.type === "envelopeTypeTxFeeBump"
      ? envelope.feeBump.tx.innerTx.v1.tx
      : (envelope.value as xdr.TransactionV1Envelope).tx;
  return operations.flatMap(({ body }) => {
    if (body.type !== "invokeHostFunction") return [];
    const { hostFunction } = body.invokeHostFunctionOp;
    if (hostFunction.type !== "hostFunctionTypeInvokeContract") return [];
    const { functionName, args } = hostFunction.invokeContract;
    const caller = args[0] === undefined ? "" : addressOf(args[0]);
    if (functionName.toString() === "deduct") {
      const [, , requestId, , developer] = args;
      if (requestId === undefined || developer === undefined) return [];
      return [
        {
          innerHash,
          caller,
          marker: String(scValToNative(requestId)),
          payee: addressOf(developer),
        },
      ];
    }
    const items = args[1]?.type === "scvVec" ? (args[1].vec ?? []) : [];
    return items.map((item) => {
      const field = (name: string) => fieldOf(item, name);
      const marker = String(scValToNative(field("request_id")));
      return { innerHash, caller, marker, payee: addressOf(field("developer")) };
    });
  });
}

/** A field of a struct, which is a map from symbols. */
function fieldOf(struct: xdr.ScVal, name: string): xdr.ScVal {
  const fields = struct.type === "scvMap" ? struct.map : null;
  const field = fields?.find(({ key }) => key.type === "scvSymbol" && String(key.sym) === name);
  return field?.val ?? xdr.ScVal.scvVoid();
}

const addresses = new Map<string, string>();

/** A run knows a handful of addresses: each is written out once. */
function addressOf(value: xdr.ScVal): string {
  if (value.type !== "scvAddress") return "";
  const { address } = value;
  const key =
    address.type === "scAddressTypeAccount"
      ? Buffer.from(address.accountId.ed25519.toBytes()).toString("latin1")
      : address.toXdr("base64");
  const known = addresses.get(key);
  if (known !== undefined) return known;
  const text = Address.fromScAddress(address).toString();
  addresses.set(key, text);
  return text;
}

const DEDUCT_TOPIC = symbolBase64("deduct");

/** The request id of a `deduct` event: a symbol of 32 characters. */
function markerOf({ topics }: EventRecord): string | undefined {
  const [name, , requestId] = topics;
  if (name !== DEDUCT_TOPIC || requestId === undefined) return undefined;
  // Four bytes say "symbol", four its length, then come its characters.
  return Buffer.from(requestId, "base64").subarray(8).toString("latin1");
}

function symbolBase64(text: string): string {
  return xdr.ScVal.scvSymbol(text).toXdr("base64");
}

function amountOf({ value }: EventRecord): bigint {
  const [amount] = scValToNative(xdr.ScVal.fromXdr(value, "base64")) as [bigint];
  return amount;
}
