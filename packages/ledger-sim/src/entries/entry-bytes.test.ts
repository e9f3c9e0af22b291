import { Address, nativeToScVal, StrKey, xdr } from "@stellar/stellar-sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contractEvent } from "../host/invocation.ts";
import { contractDataEntry, contractDataKey, ledgerKeyBytes } from "./entry.ts";
import { ledgerEntryBytes, ledgerEntryDataBytes, sizeOfEntry } from "./entry-xdr.ts";
import { eventBytes, sizeOfEvent } from "./event-bytes.ts";
import { addressBytes, scValBytes, sizeOfScVal } from "./sc-val-bytes.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const contractId = key.map((bytes) => StrKey.encodeContract(bytes));
const accountId = key.map((bytes) => StrKey.encodeEd25519PublicKey(bytes));
const muxedId = fc
  .uint8Array({ minLength: 40, maxLength: 40 })
  .map((bytes) => StrKey.encodeMed25519PublicKey(bytes));
const address = fc.oneof(contractId, accountId, muxedId);
const symbol = fc.stringMatching(/^[A-Za-z0-9_]{0,32}$/).map((text) => xdr.ScVal.scvSymbol(text));
const plain = fc.oneof(
  symbol,
  address.map((text) => new Address(text).toScVal()),
  fc.bigInt(-(2n ** 127n), 2n ** 127n - 1n).map((n) => nativeToScVal(n, { type: "i128" })),
  fc.nat(0xffff_ffff).map((n) => xdr.ScVal.scvU32(n)),
  fc.boolean().map((flag) => xdr.ScVal.scvBool(flag)),
  fc.constant(xdr.ScVal.scvVoid()),
  // Of a type that the SDK encodes.
  fc.string({ maxLength: 9 }).map((text) => xdr.ScVal.scvString(text)),
  fc.constant(xdr.ScVal.scvLedgerKeyContractInstance()),
);
const list = fc.option(fc.array(plain, { maxLength: 4 }));
const entries = fc.option(fc.array(fc.tuple(symbol, plain), { maxLength: 4 }));
const value = fc.oneof(
  plain,
  list.map((items) => xdr.ScVal.scvVec(items)),
  entries.map((pairs) =>
    xdr.ScVal.scvMap(pairs?.map(([k, val]) => new xdr.ScMapEntry({ key: k, val })) ?? null),
  ),
);

describe("what is encoded without the SDK is what the SDK encodes", () => {
  it("of values, and their sizes", () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(hex(scValBytes(one))).toBe(hex(one.toXdr()));
        expect(sizeOfScVal(one)).toBe(one.toXdr().length);
      }),
    );
  });

  it("of addresses", () => {
    fc.assert(
      fc.property(address, (text) => {
        const one = new Address(text).toScAddress();
        expect(hex(addressBytes(one))).toBe(hex(one.toXdr()));
      }),
    );
  });

  it("of events, with a contract and without, and their sizes", () => {
    fc.assert(
      fc.property(contractId, fc.array(plain, { maxLength: 4 }), value, (id, topics, data) => {
        const event = contractEvent(id, topics, data);
        const { ext, type, body } = event;
        const ofNobody = new xdr.ContractEvent({ ext, type, body, contractId: null });
        for (const one of [event, ofNobody]) {
          expect(hex(eventBytes(one))).toBe(hex(one.toXdr()));
          expect(sizeOfEvent(one)).toBe(one.toXdr().length);
        }
      }),
    );
  });

  it("of contract data, its key and its size", () => {
    const durability = fc.constantFrom("persistent" as const, "temporary" as const);
    fc.assert(
      fc.property(contractId, value, value, durability, fc.nat(), (id, name, val, kind, ledger) => {
        const ledgerKey = contractDataKey(id, name, kind);
        const entry = contractDataEntry(ledgerKey, val, ledger + 9, ledger);
        const whole = new xdr.LedgerEntry({
          lastModifiedLedgerSeq: ledger,
          data: entry.data,
          ext: xdr.LedgerEntryExt.v0(),
        });
        expect(hex(ledgerKeyBytes(ledgerKey))).toBe(hex(ledgerKey.toXdr()));
        expect(hex(ledgerEntryDataBytes(entry))).toBe(hex(entry.data.toXdr()));
        expect(hex(ledgerEntryBytes(entry))).toBe(hex(whole.toXdr()));
        expect(sizeOfEntry(entry)).toBe(whole.toXdr().length);
      }),
    );
  });
});
