import { DEFAULT_FEE_POLICY } from "../../src/pacing/fee-policy.ts";
import { createChannelKeys } from "../../src/signing/channel-keys.ts";
import { createSeedSigner } from "../../src/signing/seed-signer.ts";

export const NETWORK = "Orrery Local Network ; 2026";
/** The vaults' authorised caller, and the treasury. */
export const submitter = createSeedSigner(new Uint8Array(32).fill(42));
export const channelKeys = createChannelKeys("5a".repeat(32), NETWORK);
export const payee = createSeedSigner(new Uint8Array(32).fill(7)).publicKey;
/** A bump would save what the tests of death let die. */
export const NO_BUMPS = { ...DEFAULT_FEE_POLICY, maxBumps: 0 };
