import { createHash } from "node:crypto";
import { Keypair, StrKey } from "@stellar/stellar-sdk";

/** Keys and addresses of a bench derive from names, so that two runs do the same work. */
export const NETWORK_PASSPHRASE = "Orrery Local Network ; 2026";
export const SUBMITTER_SECRET = Keypair.fromRawEd25519Seed(digest("submitter")).secret();
export const SUBMITTER = Keypair.fromSecret(SUBMITTER_SECRET).publicKey();
export const PAYEE = Keypair.fromRawEd25519Seed(digest("payee")).publicKey();

/** The vault contract of the user with this number. */
export function vaultContractId(user: number): string {
  return StrKey.encodeContract(digest(`vault/${user}`));
}

/** The secret that the channel keys of one engine derive from. */
export function channelMasterSecret(engine: string): string {
  return digest(`channels/${engine}`).toString("hex");
}

function digest(name: string): Buffer {
  return createHash("sha256").update(`orrery/bench/${name}`).digest();
}
