import { createHash } from "node:crypto";
import { xdr } from "@stellar/stellar-sdk";

const type = xdr.ScSpecTypeDef;

/** The contract's errors by number; the network reports them as `Error(Contract, #n)`. */
export const VAULT_ERRORS = {
  NotInitialized: 1,
  Unauthorized: 3,
  Paused: 4,
  InsufficientBalance: 5,
  AmountNotPositive: 6,
  ExceedsMaxDeduct: 7,
  Overflow: 9,
  BatchEmpty: 21,
  BatchTooLarge: 22,
  DuplicateRequestId: 29,
  Slippage: 35,
  RateLimited: 36,
} as const;

const optionalSymbol = type.scSpecTypeOption(
  new xdr.ScSpecTypeOption({ valueType: type.scSpecTypeSymbol() }),
);
const deductItem = type.scSpecTypeUdt(new xdr.ScSpecTypeUdt({ name: "DeductItem" }));

function functionSpec(
  name: string,
  doc: string,
  inputs: Record<string, xdr.ScSpecTypeDef>,
  outputs: xdr.ScSpecTypeDef[],
): xdr.ScSpecEntry {
  return xdr.ScSpecEntry.scSpecEntryFunctionV0(
    new xdr.ScSpecFunctionV0({
      doc,
      name,
      inputs: Object.entries(inputs).map(
        ([inputName, inputType]) =>
          new xdr.ScSpecFunctionInputV0({ doc: "", name: inputName, type: inputType }),
      ),
      outputs,
    }),
  );
}

const SPEC: xdr.ScSpecEntry[] = [
  functionSpec(
    "deduct",
    "Charges one request and returns the new balance.",
    {
      caller: type.scSpecTypeAddress(),
      amount: type.scSpecTypeI128(),
      request_id: optionalSymbol,
      max_fee_bps: type.scSpecTypeU32(),
      developer: type.scSpecTypeAddress(),
    },
    [type.scSpecTypeI128()],
  ),
  functionSpec(
    "batch_deduct",
    "Charges 1 to 50 requests, all or none, and returns the new balance.",
    {
      caller: type.scSpecTypeAddress(),
      items: type.scSpecTypeVec(new xdr.ScSpecTypeVec({ elementType: deductItem })),
    },
    [type.scSpecTypeI128()],
  ),
  functionSpec("balance", "What is left to charge.", {}, [type.scSpecTypeI128()]),
  functionSpec(
    "deposit",
    "Adds to the balance and returns the new one.",
    { caller: type.scSpecTypeAddress(), amount: type.scSpecTypeI128() },
    [type.scSpecTypeI128()],
  ),
  functionSpec(
    "is_request_processed",
    "Whether a request id was charged.",
    { request_id: type.scSpecTypeSymbol() },
    [type.scSpecTypeBool()],
  ),
  xdr.ScSpecEntry.scSpecEntryUdtStructV0(
    new xdr.ScSpecUdtStructV0({
      doc: "One charge of a batch.",
      lib: "",
      name: "DeductItem",
      fields: [
        new xdr.ScSpecUdtStructFieldV0({ doc: "", name: "amount", type: type.scSpecTypeI128() }),
        new xdr.ScSpecUdtStructFieldV0({
          doc: "",
          name: "developer",
          type: type.scSpecTypeAddress(),
        }),
        new xdr.ScSpecUdtStructFieldV0({ doc: "", name: "request_id", type: optionalSymbol }),
      ],
    }),
  ),
  xdr.ScSpecEntry.scSpecEntryUdtErrorEnumV0(
    new xdr.ScSpecUdtErrorEnumV0({
      doc: "",
      lib: "",
      name: "VaultError",
      cases: Object.entries(VAULT_ERRORS).map(
        ([name, value]) => new xdr.ScSpecUdtErrorEnumCaseV0({ doc: name, name, value }),
      ),
    }),
  ),
];

/** The contract's code: a WebAssembly header and the `contractspecv0` section, nothing to run. */
export const VAULT_WASM: Uint8Array = sectionsOnlyWasm(
  "contractspecv0",
  Buffer.concat(SPEC.map((entry) => entry.toXdr())),
);

export const VAULT_WASM_HASH: Uint8Array = createHash("sha256").update(VAULT_WASM).digest();

function sectionsOnlyWasm(sectionName: string, content: Uint8Array): Uint8Array {
  const name = Buffer.from(sectionName);
  const body = Buffer.concat([varUint(name.length), name, content]);
  const header = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  return new Uint8Array(Buffer.concat([header, Buffer.from([0]), varUint(body.length), body]));
}

function varUint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Uint8Array.from(bytes);
}
