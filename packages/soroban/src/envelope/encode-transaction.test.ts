import { Keypair, Operation, SorobanDataBuilder, StrKey, xdr } from "@stellar/stellar-sdk/base";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chargeOperation, invokeOperation } from "../../test/support/sdk-charge.ts";
import { createSeedSigner } from "../signing/seed-signer.ts";
import {
  type BatchArgument,
  DEFAULT_VAULT_INTERFACE,
  type DeductArgument,
  encodeCharge,
} from "../vault/vault-call.ts";
import { buildTransaction, signTransaction } from "./build-envelope.ts";
import { encodeCall, encodeRestore, writeSymbol } from "./encode-call.ts";
import { encodeTransaction, signEncoded, unsignedEnvelopeXdr } from "./encode-transaction.ts";

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const contractId = key.map((bytes) => StrKey.encodeContract(bytes));
const accountId = key.map((bytes) => StrKey.encodeEd25519PublicKey(bytes));
const muxedId = fc
  .uint8Array({ minLength: 40, maxLength: 40 })
  .map((bytes) => StrKey.encodeMed25519PublicKey(bytes));
const address = fc.oneof(accountId, contractId, muxedId);
const marker = fc.stringMatching(/^[A-Za-z0-9_]{0,32}$/);
const item = fc.record({
  amountStroops: fc.bigInt(-(2n ** 127n), 2n ** 127n - 1n),
  marker,
  payee: address,
});
const u32 = fc.nat(0xffff_ffff);
const vault = fc.record({
  deductOrder: fc.shuffledSubarray<DeductArgument>([...DEFAULT_VAULT_INTERFACE.deductOrder]),
  batchOrder: fc.shuffledSubarray<BatchArgument>([...DEFAULT_VAULT_INTERFACE.batchOrder]),
  isBatching: fc.constant(true),
  maxFeeBps: u32,
});
const charges = fc
  .record({ vaultContractId: contractId, caller: accountId })
  .chain((shared) =>
    fc
      .array(item, { minLength: 1, maxLength: 6 })
      .map((items) => items.map((each) => ({ ...each, ...shared }))),
  );
const authEntry = contractId.map((id) =>
  new xdr.SorobanAuthorizationEntry({
    credentials: xdr.SorobanCredentials.sorobanCredentialsSourceAccount(),
    rootInvocation: new xdr.SorobanAuthorizedInvocation({
      function: xdr.SorobanAuthorizedFunction.sorobanAuthorizedFunctionTypeContractFn(
        new xdr.InvokeContractArgs({
          contractAddress: xdr.ScAddress.scAddressTypeContract(
            new xdr.ContractId(StrKey.decodeContract(id)),
          ),
          functionName: "deduct",
          args: [],
        }),
      ),
      subInvocations: [],
    }),
  }).toXdr("base64"),
);
const sorobanData = fc
  .record({ keys: fc.array(accountId, { maxLength: 3 }), resourceFee: fc.bigInt(0n, 2n ** 31n) })
  .map(({ keys, resourceFee }) =>
    new SorobanDataBuilder()
      .setReadWrite(
        keys.map((id) =>
          xdr.LedgerKey.account(
            new xdr.LedgerKeyAccount({ accountId: Keypair.fromPublicKey(id).xdrAccountId() }),
          ),
        ),
      )
      .setResourceFee(resourceFee)
      .build()
      .toXdr("base64"),
  );
const shape = fc.record({
  networkPassphrase: fc.constantFrom("one network", "another network"),
  sourcePublicKey: accountId,
  sequence: fc.bigInt(1n, 2n ** 63n - 1n),
  inclusionFeeStroops: fc.bigInt(0n, 2n ** 31n - 1n),
  bounds: fc.record({ maxLedger: u32, maxTimeS: fc.nat(Number.MAX_SAFE_INTEGER) }),
  sorobanData: fc.option(sorobanData, { nil: undefined }),
});

type Shape = typeof shape extends fc.Arbitrary<infer Value> ? Value : never;

/** What the SDK makes of the same transaction. */
function builtBySdk(like: Shape, operation: xdr.Operation) {
  const { sorobanData: data, ...rest } = like;
  const soroban = data === undefined ? {} : { sorobanData: data };
  return buildTransaction({ ...rest, operations: [operation], ...soroban });
}

function encoded(like: Shape, operation: Uint8Array) {
  const { sorobanData: data, ...rest } = like;
  return { ...rest, operation, ...(data !== undefined && { sorobanData: data }) };
}

const decodeAuth = (entries: readonly string[]) =>
  entries.map((entry) => xdr.SorobanAuthorizationEntry.fromXdr(entry, "base64"));

describe("a transaction encoded without the SDK", () => {
  it("is what the SDK builds, bit for bit, for any charge", () => {
    fc.assert(
      fc.property(
        shape,
        charges,
        vault,
        fc.array(authEntry, { maxLength: 2 }),
        (like, terms, how, auth) => {
          const ours = unsignedEnvelopeXdr(encoded(like, encodeCharge(terms, how, auth)));
          const theirs = builtBySdk(like, chargeOperation(terms, how, decodeAuth(auth)));
          expect(ours).toBe(theirs.toXdr());
        },
      ),
    );
  });

  it("is signed as the SDK's is: hash, fee and signatures", async () => {
    const signers = [5, 6].map((byte) => createSeedSigner(new Uint8Array(32).fill(byte)));
    await fc.assert(
      fc.asyncProperty(shape, charges, async (like, terms) => {
        const operation = encodeCharge(terms, DEFAULT_VAULT_INTERFACE, []);
        const ours = await signEncoded(encodeTransaction(encoded(like, operation)), signers);
        const theirs = builtBySdk(like, chargeOperation(terms, DEFAULT_VAULT_INTERFACE, []));
        expect(ours).toEqual(await signTransaction(theirs, signers));
      }),
      { numRuns: 20 },
    );
  });

  it("is the same for reads and for restoring a footprint", () => {
    fc.assert(
      fc.property(shape, contractId, fc.array(marker, { maxLength: 2 }), (like, id, symbols) => {
        const functionName = "is_request_processed";
        const read = encodeCall({ contractId: id, functionName }, (out) => {
          out.u32(symbols.length);
          for (const symbol of symbols) writeSymbol(out, symbol);
        });
        const args = symbols.map((symbol) => xdr.ScVal.scvSymbol(symbol));
        const call = invokeOperation({ contractId: id, functionName, args });
        expect(unsignedEnvelopeXdr(encoded(like, read))).toBe(builtBySdk(like, call).toXdr());
        const restore = builtBySdk(like, Operation.restoreFootprint({}));
        expect(unsignedEnvelopeXdr(encoded(like, encodeRestore()))).toBe(restore.toXdr());
      }),
      { numRuns: 30 },
    );
  });
});

describe("what has no encoding", () => {
  const terms = {
    vaultContractId: StrKey.encodeContract(new Uint8Array(32).fill(1)),
    caller: StrKey.encodeEd25519PublicKey(new Uint8Array(32).fill(2)),
    payee: StrKey.encodeEd25519PublicKey(new Uint8Array(32).fill(3)),
    amountStroops: 1n,
    marker: "m",
  };
  const encode = (changes: Partial<typeof terms>) =>
    encodeCharge([{ ...terms, ...changes }], DEFAULT_VAULT_INTERFACE, []);
  const like = {
    networkPassphrase: "one network",
    sourcePublicKey: terms.caller,
    sequence: 1n,
    operation: encode({}),
    inclusionFeeStroops: 100n,
    bounds: { maxLedger: 9, maxTimeS: 9 },
  };

  it("is refused: no address, no contract, an amount or a marker without room, no charge at all", () => {
    for (const changes of [
      { payee: "GARBAGE" },
      { vaultContractId: terms.payee },
      { caller: terms.vaultContractId },
      { amountStroops: 2n ** 127n },
      { amountStroops: -(2n ** 127n) - 1n },
      { marker: "x".repeat(33) },
    ]) {
      expect(() => encode(changes), JSON.stringify(Object.keys(changes))).toThrow(Error);
    }
    expect(() => encodeCharge([], DEFAULT_VAULT_INTERFACE, [])).toThrow("a charge of nothing");
  });

  it("is refused: a fee, a sequence or a bound out of range, resources that are no XDR", () => {
    for (const changes of [
      { inclusionFeeStroops: 2n ** 32n },
      { sequence: 2n ** 63n },
      { bounds: { maxLedger: 2 ** 32, maxTimeS: 1 } },
      { sorobanData: "AAAAAAA=" },
      { sorobanData: "" },
      { operation: new Uint8Array(3) },
    ]) {
      expect(
        () => encodeTransaction({ ...like, ...changes }),
        String(Object.keys(changes)),
      ).toThrow(RangeError);
    }
  });
});
