import { nativeToScVal, StrKey } from "@stellar/stellar-sdk/base";
import { describe, expect, it } from "vitest";
import type { SimulationAnswer, SorobanRpc } from "../rpc/soroban-rpc.ts";
import { createSeedSigner } from "../signing/seed-signer.ts";
import { createVaultReader } from "./vault-reader.ts";

const VAULT = StrKey.encodeContract(new Uint8Array(32).fill(3));

function readerOf(answer: Omit<SimulationAnswer, "latestLedger">) {
  const rpc = { simulateTransaction: async () => ({ latestLedger: 9, ...answer }) };
  return createVaultReader({
    rpc: rpc as unknown as SorobanRpc,
    networkPassphrase: "test",
    sourcePublicKey: createSeedSigner(new Uint8Array(32).fill(1)).publicKey,
  });
}

const value = (native: unknown) => ({
  results: [{ xdr: nativeToScVal(native).toXdr("base64") }],
  transactionData: "AAAA",
});

const restorePreamble = { minResourceFee: "1", transactionData: "AAAA" };

describe("the vault reader", () => {
  it("reads archived entries as what they would be", async () => {
    const reader = readerOf({ ...value(true), restorePreamble });
    expect(await reader.readMarker(VAULT, "aa")).toEqual({ kind: "present", ledger: 9 });
  });

  it("tells no markers from an absent one", async () => {
    expect((await readerOf(value(false)).readMarker(VAULT, "aa")).kind).toBe("absent");
    const missing = readerOf({ error: "HostError: Error(WasmVm, MissingValue)" });
    expect((await missing.readMarker(VAULT, "aa")).kind).toBe("unsupported");
  });

  it("takes nothing else for a reading", async () => {
    const unreadable = { reason: "vault_unreadable" };
    await expect(readerOf(value("x")).readMarker(VAULT, "aa")).rejects.toMatchObject(unreadable);
    await expect(readerOf(value("x")).balance(VAULT)).rejects.toMatchObject(unreadable);
    const garbled = { results: [{ xdr: "????" }], transactionData: "AAAA" };
    await expect(readerOf(garbled).balance(VAULT)).rejects.toMatchObject(unreadable);
    await expect(readerOf({ restorePreamble }).balance(VAULT)).rejects.toMatchObject(unreadable);
    await expect(readerOf({}).balance(VAULT)).rejects.toMatchObject(unreadable);
    const paused = readerOf({ error: "HostError: Error(Contract, #4)" });
    await expect(paused.balance(VAULT)).rejects.toThrow("contract error 4");
    const missing = readerOf({ error: "HostError: Error(Storage, MissingValue)" });
    await expect(missing.balance(VAULT)).rejects.toMatchObject({ reason: "vault_not_found" });
  });
});
