import {
  Account,
  FeeBumpTransaction,
  nativeToScVal,
  Operation,
  StrKey,
  TransactionBuilder,
  xdr,
} from "@stellar/stellar-sdk/base";
import { describe, expect, it } from "vitest";
import { chargeOperation, invokeOperation } from "../../test/support/sdk-charge.ts";
import { buildTransaction } from "../envelope/build-envelope.ts";
import type { ChargeTerms } from "../outcome/decide-adoption.ts";
import type { EventsAnswer, SorobanRpc, TransactionAnswer } from "../rpc/soroban-rpc.ts";
import { createSeedSigner } from "../signing/seed-signer.ts";
import { decodeCharge } from "./decode-charge.ts";
import { findOriginalCharge } from "./find-original-charge.ts";
import { DEFAULT_VAULT_INTERFACE } from "./vault-call.ts";

const caller = createSeedSigner(new Uint8Array(32).fill(1)).publicKey;
const payee = createSeedSigner(new Uint8Array(32).fill(2)).publicKey;
const vaultContractId = StrKey.encodeContract(new Uint8Array(32).fill(3));
const vault = DEFAULT_VAULT_INTERFACE;

const terms = (marker: string, amountStroops = 5n): ChargeTerms => ({
  ...{ vaultContractId, caller, payee },
  ...{ marker, amountStroops },
});

function envelopeOf(operation: xdr.Operation): string {
  return buildTransaction({
    networkPassphrase: "test",
    sourcePublicKey: caller,
    sequence: 7n,
    operations: [operation],
    inclusionFeeStroops: 100n,
    bounds: { maxLedger: 9, maxTimeS: 9 },
  }).toXdr();
}

describe("decodeCharge", () => {
  it("reads a single charge, and each of a batch, as they were sent", () => {
    const one = envelopeOf(chargeOperation([terms("aa")], vault, []));
    expect(decodeCharge(one, "aa", vault)).toEqual(terms("aa"));
    const batch = envelopeOf(chargeOperation([terms("aa"), terms("bb", 9n)], vault, []));
    expect(decodeCharge(batch, "bb", vault)).toEqual(terms("bb", 9n));
  });

  it("reads them in the order that the contract declares", () => {
    const turned = {
      ...vault,
      deductOrder: vault.deductOrder.toReversed(),
      batchOrder: vault.batchOrder.toReversed(),
    };
    const one = envelopeOf(chargeOperation([terms("aa")], turned, []));
    expect(decodeCharge(one, "aa", turned)).toEqual(terms("aa"));
    const batch = envelopeOf(chargeOperation([terms("aa"), terms("bb")], turned, []));
    expect(decodeCharge(batch, "bb", turned)).toEqual(terms("bb"));
  });

  it("finds it inside a fee bump", () => {
    const inner = TransactionBuilder.fromXdr(
      envelopeOf(chargeOperation([terms("aa")], vault, [])),
      "test",
    );
    if (inner instanceof FeeBumpTransaction) throw new Error("not an inner transaction");
    const bump = TransactionBuilder.buildFeeBumpTransaction(caller, "1000", inner, "test");
    expect(decodeCharge(bump.toXdr(), "aa", vault)).toEqual(terms("aa"));
  });

  it("finds nothing in other calls, other transactions and other bytes", () => {
    const other = invokeOperation({ contractId: vaultContractId, functionName: "x", args: [] });
    const classic = new TransactionBuilder(new Account(caller, "1"), {
      fee: "1",
      networkPassphrase: "test",
      timebounds: { minTime: 0, maxTime: 9 },
    })
      .build()
      .toXdr();
    const one = envelopeOf(chargeOperation([terms("aa")], vault, []));
    const upload = Operation.uploadContractWasm({ wasm: new Uint8Array(4) });
    const old = xdr.TransactionEnvelope.envelopeTypeTxV0(
      new xdr.TransactionV0Envelope({
        tx: new xdr.TransactionV0({
          sourceAccountEd25519: new Uint8Array(32),
          fee: 1,
          seqNum: 1n,
          timeBounds: null,
          memo: xdr.Memo.memoNone(),
          operations: [],
          ext: xdr.TransactionV0Ext.fromXdr(new Uint8Array(4)),
        }),
        signatures: [],
      }),
    ).toXdr("base64");
    for (const envelope of [envelopeOf(other), envelopeOf(upload), classic, old, "????"]) {
      expect(decodeCharge(envelope, "aa", vault)).toBeUndefined();
    }
    expect(decodeCharge(one, "bb", vault)).toBeUndefined();
  });
});

const charged = envelopeOf(chargeOperation([terms("aa")], vault, []));
const event = {
  ledger: 50,
  txHash: "ab",
  contractId: vaultContractId,
  topic: [nativeToScVal("deduct", { type: "symbol" }).toXdr("base64")],
  value: "",
};

/** A server with these pages of events and this answer to the look-up of a transaction. */
function server(pages: readonly Partial<EventsAnswer>[], found: Partial<TransactionAnswer>) {
  const asked: (string | undefined)[] = [];
  const rpc = {
    async getTransaction(hash: string): Promise<TransactionAnswer> {
      const range = { latestLedger: 100, oldestLedger: 3 };
      if (hash !== "ab") return { ...range, status: "NOT_FOUND" };
      return { ...range, status: "SUCCESS", ledger: 50, envelopeXdr: charged, ...found };
    },
    async getEvents({ cursor }: { cursor?: string }): Promise<EventsAnswer> {
      asked.push(cursor);
      const page = pages[Math.min(asked.length, pages.length) - 1] ?? {};
      return { latestLedger: 100, events: [], ...page };
    },
  };
  return { rpc: rpc as unknown as SorobanRpc, asked };
}

const cursorAt = (ledger: number) => `${BigInt(ledger) << 32n}-0`;
const find = ({ rpc }: { rpc: SorobanRpc }) => findOriginalCharge(rpc, terms("aa"), vault);

describe("findOriginalCharge", () => {
  it("gives the charge behind the marker's event, on whichever page that is", async () => {
    const pages = [{ cursor: cursorAt(40) }, { cursor: cursorAt(60), events: [event] }];
    const found = { kind: "found", txHash: "ab", ledger: 50, terms: terms("aa") };
    expect(await find(server(pages, {}))).toEqual(found);
  });

  it("says how far it looked when there is none", async () => {
    const absent = { kind: "absent", oldestLedger: 3, latestLedger: 100 };
    expect(await find(server([{}], {}))).toEqual(absent);
    expect(await find(server([{ cursor: cursorAt(100) }], {}))).toEqual(absent);
    expect(await find(server([{ cursor: "opaque" }], {}))).toEqual(absent);
    const stuck = server([{ cursor: cursorAt(40) }], {});
    expect(await find(stuck)).toEqual(absent);
    expect(stuck.asked).toHaveLength(2);
  });

  it("passes over events of calls that failed", async () => {
    const events = [{ ...event, inSuccessfulContractCall: false }];
    expect((await find(server([{ events }], {}))).kind).toBe("absent");
  });

  it("takes the event's ledger where the transaction does not name its own", async () => {
    const answer = server([{ events: [event] }], {});
    const range = { latestLedger: 100, oldestLedger: 3 };
    answer.rpc.getTransaction = async () => ({ ...range, status: "SUCCESS", envelopeXdr: charged });
    expect(await find(answer)).toMatchObject({ kind: "found", ledger: 50 });
  });

  it("waits for a transaction that cannot be read yet, unless it is past retention", async () => {
    const events = [event];
    const missing = { status: "NOT_FOUND" } as const;
    expect((await find(server([{ events }], missing))).kind).toBe("unreadable");
    const { envelopeXdr: _, ...bare } = { envelopeXdr: charged };
    const answer = server([{ events }], bare);
    answer.rpc.getTransaction = async () => ({
      status: "SUCCESS",
      latestLedger: 100,
      oldestLedger: 3,
    });
    expect((await find(answer)).kind).toBe("unreadable");
    const old = await find(server([{ events }], { ...missing, oldestLedger: 60 }));
    expect(old).toEqual({ kind: "absent", oldestLedger: 60, latestLedger: 100 });
  });

  it("knows a call that we could not have made", async () => {
    const other = envelopeOf(chargeOperation([terms("zz")], vault, []));
    const foreign = await find(server([{ events: [event] }], { envelopeXdr: other }));
    expect(foreign).toEqual({ kind: "foreign", txHash: "ab" });
    const { latestLedger } = { latestLedger: 100 };
    const failed = server([{ events: [event] }], { status: "FAILED", latestLedger });
    expect((await find(failed)).kind).toBe("foreign");
  });
});
