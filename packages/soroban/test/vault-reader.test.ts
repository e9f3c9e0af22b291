import { describe, expect, it } from "vitest";
import { createVaultReader, VaultReadError } from "../src/vault/vault-reader.ts";
import { NETWORK, submitter } from "./support/accounts.ts";
import { EngineWorld, FUNDS } from "./support/engine-world.ts";

let world: EngineWorld;

async function begin() {
  world = await EngineWorld.begin();
  const { rpc } = world;
  return createVaultReader({
    rpc,
    networkPassphrase: NETWORK,
    sourcePublicKey: submitter.publicKey,
  });
}

describe("the vault reader", () => {
  it("reads a balance with the ledger it was read at", async () => {
    const reader = await begin();
    const reading = await reader.balance(world.vault);
    expect(reading.balanceStroops).toBe(FUNDS);
    expect(reading.ledger).toBeGreaterThan(0);
  });

  it("says that there is no such vault", async () => {
    const reader = await begin();
    const error: unknown = await reader
      .balance("CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC")
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(VaultReadError);
    expect(error).toMatchObject({ reason: "vault_not_found" });
  });

  it("tells a processed request from one that is not", async () => {
    const reader = await begin();
    const engine = await world.startEngine();
    const intent = await world.accept(engine);
    await world.reached(intent, "confirmed");
    expect((await reader.readMarker(world.vault, intent.marker)).kind).toBe("present");
    expect((await reader.readMarker(world.vault, "0".repeat(32))).kind).toBe("absent");
  });
});
