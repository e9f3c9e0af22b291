import { inspect } from "node:util";
import { Keypair } from "@stellar/stellar-sdk/base";
import { describe, expect, it } from "vitest";
import { createChannelKeys } from "./channel-keys.ts";
import { createSecretSigner, createSeedSigner } from "./seed-signer.ts";

const keypair = Keypair.fromRawEd25519Seed(new Uint8Array(32).fill(9));
const MASTER = "ab".repeat(32);

describe("the secret signer", () => {
  it("signs bit for bit what the SDK signs", async () => {
    const signer = createSecretSigner(keypair.secret());
    const hash = new Uint8Array(32).fill(3);
    expect(signer.publicKey).toBe(keypair.publicKey());
    expect(Buffer.from(await signer.sign(hash)).toString("hex")).toBe(
      Buffer.from(keypair.sign(hash)).toString("hex"),
    );
  });

  it("shows its secret neither when inspected nor in an error", () => {
    const signer = createSecretSigner(keypair.secret());
    expect(inspect(signer, { depth: 9, showHidden: true })).not.toContain(keypair.secret());
    expect(JSON.stringify(signer)).not.toContain(keypair.secret());
    const broken = `${keypair.secret().slice(0, -1)}A`;
    expect(() => createSecretSigner(broken)).toThrow(/^(?!.*S[A-Z2-7]{50}).*$/);
  });

  it("takes no seed of another length", () => {
    expect(() => createSeedSigner(new Uint8Array(31))).toThrow("an ed25519 seed has 32 bytes");
  });
});

describe("channel keys", () => {
  it("derive the same accounts again from the same master secret", () => {
    const first = createChannelKeys(MASTER, "net");
    const second = createChannelKeys(MASTER, "net");
    expect(first(7).publicKey).toBe(second(7).publicKey);
  });

  it("differ by index, by network and by master secret", () => {
    const keys = [
      createChannelKeys(MASTER, "net")(0),
      createChannelKeys(MASTER, "net")(1),
      createChannelKeys(MASTER, "other")(0),
      createChannelKeys("cd".repeat(32), "net")(0),
    ].map((signer) => signer.publicKey);
    expect(new Set(keys).size).toBe(4);
  });

  it("refuse a master secret that is not 32 bytes of hex, without repeating it", () => {
    expect(() => createChannelKeys("abcdef", "net")).toThrow(/^(?!.*abcdef).*64 hex digits$/);
  });
});
