import { xdr } from "@stellar/stellar-sdk/base";
import { afterEach, describe, expect, it } from "vitest";
import { readInterface } from "../src/vault/read-interface.ts";
import { DEFAULT_VAULT_INTERFACE } from "../src/vault/vault-call.ts";
import { createVaultInterfaces } from "../src/vault/vault-interfaces.ts";
import { EngineWorld } from "./support/engine-world.ts";

let world: EngineWorld | undefined;

afterEach(async () => {
  await world?.end();
  world = undefined;
});

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

  it("that declares something else changes nothing", () => {
    expect(readInterface([], base)).toBe(base);
    expect(readInterface([declared("deduct", ["caller"])], base)).toBe(base);
  });
});

describe("the interfaces of vaults", () => {
  it("are read once for each vault and once for the code that many share", async () => {
    let reads = 0;
    world = await EngineWorld.begin();
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
    world = await EngineWorld.begin();
    const interfaces = createVaultInterfaces(world.rpc, base);
    const missing = "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC";
    expect(await interfaces.of(missing)).toBe(base);
    expect(await interfaces.of("not an address")).toBe(base);
    await world.fund(5n, missing);
    expect(await interfaces.of(missing)).not.toBe(base);
  });
});
