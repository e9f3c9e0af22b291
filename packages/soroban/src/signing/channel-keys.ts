import { hkdfSync } from "node:crypto";
import { createSeedSigner } from "./seed-signer.ts";
import type { Signer } from "./signer.ts";

const SALT = "orrery/channel-account/v1";

/**
 * The channels' signers, all derived from one master secret by index (HKDF-SHA256): nothing but the
 * master secret has to be kept, and every instance derives the same accounts.
 * `masterSecret`: 32 bytes as 64 hex digits. The network is part of the derivation, so that a
 * test network's channels are never a live network's.
 */
export function createChannelKeys(
  masterSecret: string,
  networkPassphrase: string,
): (index: number) => Signer {
  if (!/^[0-9a-fA-F]{64}$/.test(masterSecret)) {
    throw new Error("the channel master secret must be 32 bytes as 64 hex digits");
  }
  const master = Buffer.from(masterSecret, "hex");
  const signers = new Map<number, Signer>();
  return (index) => {
    let signer = signers.get(index);
    if (signer === undefined) {
      const seed = hkdfSync("sha256", master, SALT, `${networkPassphrase}\n${index}`, 32);
      signer = createSeedSigner(new Uint8Array(seed));
      signers.set(index, signer);
    }
    return signer;
  };
}
