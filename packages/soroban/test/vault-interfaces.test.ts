import { Address, xdr } from "@stellar/stellar-sdk/base";
import { describe, expect, it } from "vitest";
import { readInterface } from "../src/vault/read-interface.ts";
import { DEFAULT_VAULT_INTERFACE } from "../src/vault/vault-call.ts";
import { createVaultInterfaces } from "../src/vault/vault-interfaces.ts";
import { EngineWorld } from "./support/engine-world.ts";

const anyType = xdr.ScSpecTypeDef.scSpecTypeVal();

function declared(name: string, inputs: readonly string[]): xdr.ScSpecEntry {
  return xdr.ScSpecEntry.scSpecEntryFunctionV0(
    new xdr.ScSpecFunctionV0({
      doc: "",
      name,
      inputs: inputs.map(
        (input) => new xdr.ScSpecFunctionInputV0({ doc: "", name: input, type: anyType }),
      ),
      outputs: [],
    }),
  );
}

const base = { ...DEFAULT_VAULT_INTERFACE, maxFeeBps: 7 };

describe("a contract's spec", () => {
  it("says in which order the arguments come", () => {
    const order = ["developer", "caller", "amount", "max_fee_bps", "request_id"];
    const read = readInterface(
      [declared("deduct", order), declared("batch_deduct", ["items", "caller"])],
      base,
    );
    expect(read).toEqual({
      deductOrder: order,
      batchOrder: ["items", "caller"],
      isBatching: true,
      maxFeeBps: 7,
    });
  });

  it("says when there are no batches, or none that we could call", () => {
    const deduct = declared("deduct", base.deductOrder);
    expect(readInterface([deduct], base).isBatching).toBe(false);
    const other = declared("batch_deduct", ["caller", "everything"]);
    expect(readInterface([deduct, other], base)).toMatchObject({ isBatching: false });
  });

  it("may declare types beside its functions", () => {
    const type = xdr.ScSpecEntry.scSpecEntryUdtEnumV0(
      new xdr.ScSpecUdtEnumV0({ doc: "", lib: "", name: "deduct", cases: [] }),
    );
    const deduct = declared("deduct", base.deductOrder.toReversed());
    expect(readInterface([type, deduct], base).deductOrder).toEqual(base.deductOrder.toReversed());
  });

  it("that declares something else changes nothing", () => {
    expect(readInterface([], base)).toBe(base);
    expect(readInterface([declared("deduct", ["caller"])], base)).toBe(base);
  });
});

describe("the interfaces of vaults", () => {
  it("are read once for each vault and once for the code that many share", async () => {
    let reads = 0;
    const world = await EngineWorld.begin();
    const { rpc } = world;
    const counted = {
      ...rpc,
      getLedgerEntries: (keys: readonly string[]) => {
        reads += 1;
        return rpc.getLedgerEntries(keys);
      },
    };
    const interfaces = createVaultInterfaces(counted, base);
    const other = await world.newVault();
    expect(await interfaces.of(world.vault)).toEqual(base);
    expect(await interfaces.of(other)).toEqual(base);
    await interfaces.of(other);
    expect(reads).toBe(3);
    interfaces.forgetBatching(other);
    expect((await interfaces.of(other)).isBatching).toBe(false);
  });

  it("are the default where there is no contract, and are looked for again", async () => {
    const world = await EngineWorld.begin();
    const interfaces = createVaultInterfaces(world.rpc, base);
    const missing = "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC";
    expect(await interfaces.of(missing)).toBe(base);
    expect(await interfaces.of("not an address")).toBe(base);
    await world.fund(5n, missing);
    expect(await interfaces.of(missing)).not.toBe(base);
  });

  it("are forgotten once there are too many, those that were used first", async () => {
    const world = await EngineWorld.begin();
    const interfaces = createVaultInterfaces(world.rpc, base);
    interfaces.forgetBatching(world.vault);
    for (let n = 1; n < 10_000; n += 1) interfaces.forgetBatching(`vault-${n}`);
    expect((await interfaces.of(world.vault)).isBatching).toBe(false);
    interfaces.forgetBatching("one-more");
    expect((await interfaces.of(world.vault)).isBatching).toBe(true);
  });
});

describe("a vault without a spec that can be read", () => {
  const contractId = "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC";
  const hash = new Uint8Array(32).fill(5);
  const noExt = xdr.ExtensionPoint.fromXdr(new Uint8Array(4));

  const data = (val: xdr.ScVal) =>
    xdr.LedgerEntryData.contractData(
      new xdr.ContractDataEntry({
        ext: noExt,
        contract: new Address(contractId).toScAddress(),
        key: xdr.ScVal.scvLedgerKeyContractInstance(),
        durability: xdr.ContractDataDurability.persistent,
        val,
      }),
    );
  const running = (executable: xdr.ContractExecutable) =>
    data(xdr.ScVal.scvContractInstance(new xdr.ScContractInstance({ executable, storage: null })));
  const wasm = running(xdr.ContractExecutable.contractExecutableWasm(new xdr.Hash(hash)));
  const code = xdr.LedgerEntryData.contractCode(
    new xdr.ContractCodeEntry({
      ext: xdr.ContractCodeEntryExt.fromXdr(new Uint8Array(4)),
      hash,
      code: new Uint8Array([0, 1, 2]),
    }),
  );

  /** The interface by a node that answers one question after the other with these entries. */
  async function interfaceFrom(...answers: readonly (xdr.LedgerEntryData | string)[]) {
    const rest = [...answers];
    const world = await EngineWorld.begin();
    const interfaces = createVaultInterfaces(
      {
        ...world.rpc,
        async getLedgerEntries([key = ""]) {
          const next = rest.shift();
          const entryXdr = typeof next === "string" ? next : next?.toXdr("base64");
          const entries = entryXdr === undefined ? [] : [{ key, xdr: entryXdr }];
          return { latestLedger: 9, entries };
        },
      },
      base,
    );
    return interfaces.of(contractId);
  }

  it.each([
    [
      "is no contract of ours to read",
      running(xdr.ContractExecutable.contractExecutableStellarAsset()),
    ],
    ["has an instance that is none", data(xdr.ScVal.scvVoid())],
    ["is answered with another kind of entry", code],
    ["cannot be decoded", "????"],
    ["runs code that is gone", wasm],
    ["runs code that is answered with another kind of entry", wasm, wasm],
    ["runs code that is no wasm", wasm, code],
  ])("%s: it is called as by default", async (_story, ...answers) => {
    expect(await interfaceFrom(...answers)).toBe(base);
  });
});
