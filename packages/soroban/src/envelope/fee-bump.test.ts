import { Asset, Operation, xdr } from "@stellar/stellar-sdk/base";
import { describe, expect, it } from "vitest";
import { createSeedSigner } from "../signing/seed-signer.ts";
import { buildTransaction, signTransaction } from "./build-envelope.ts";
import { bidsOf, signFeeBump } from "./fee-bump.ts";

const channel = createSeedSigner(new Uint8Array(32).fill(1));
const treasury = createSeedSigner(new Uint8Array(32).fill(2));
const networkPassphrase = "test";

/** A classic transaction, which has no resources to pay for. */
function payment() {
  return signTransaction(
    buildTransaction({
      networkPassphrase,
      sourcePublicKey: channel.publicKey,
      sequence: 7n,
      operations: [
        Operation.payment({ destination: treasury.publicKey, asset: Asset.native(), amount: "1" }),
      ],
      inclusionFeeStroops: 100n,
      bounds: { maxLedger: 9, maxTimeS: 9 },
    }),
    [channel],
  );
}

const bump = (innerXdr: string, inclusionFeeStroops: bigint) =>
  signFeeBump({ networkPassphrase, innerXdr, inclusionFeeStroops, feeSource: treasury });

describe("a fee bump", () => {
  it("counts its bid over both operations, and its bids are read back out of the fees", async () => {
    const inner = await payment();
    const outer = await bump(inner.envelopeXdr, 1_000n);
    expect(outer.feeStroops).toBe(2_000n);
    const envelope = xdr.TransactionEnvelope.fromXdr(outer.envelopeXdr, "base64");
    expect(envelope.type).toBe("envelopeTypeTxFeeBump");
    const hashes = [inner, outer].map((signed) => ({ ...signed, storedAtMs: 0 }));
    expect(bidsOf(hashes)).toEqual([100n, 1_000n]);
  });

  it("wraps no other bump", async () => {
    const outer = await bump((await payment()).envelopeXdr, 1_000n);
    await expect(bump(outer.envelopeXdr, 10_000n)).rejects.toThrow("envelopeTypeTxFeeBump");
  });
});
