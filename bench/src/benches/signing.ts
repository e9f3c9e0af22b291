import { buildTransaction, signTransaction } from "@orrery/soroban/envelope/build-envelope";
import { deriveMarker } from "@orrery/soroban/intent/marker";
import { createSecretSigner } from "@orrery/soroban/signing/seed-signer";
import { chargeOperation, DEFAULT_VAULT_INTERFACE } from "@orrery/soroban/vault/vault-call";
import {
  Address,
  Keypair,
  SorobanDataBuilder,
  type Transaction,
  xdr,
} from "@stellar/stellar-sdk/base";
import { type Bench, type BenchContext, type Outcome, sized } from "../harness/bench.ts";
import { playRounds } from "../harness/rounds.ts";
import {
  NETWORK_PASSPHRASE,
  PAYEE,
  SUBMITTER,
  SUBMITTER_SECRET,
  vaultContractId,
} from "../world/accounts.ts";

const CHANNEL = Keypair.fromRawEd25519Seed(Buffer.alloc(32, 7));
/** How often the clock is looked at. */
const ENVELOPES_AT_ONCE = 50;

export const signing: Bench = {
  name: "signing",
  about: "build, sign twice and encode the envelope of a charge, against the SDK's own sign",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const milliseconds = sized(context, 3_000, 500);
  const ours = [createSecretSigner(CHANNEL.secret()), createSecretSigner(SUBMITTER_SECRET)];
  const theirs = [CHANNEL, Keypair.fromSecret(SUBMITTER_SECRET)];
  const signOurs = async (sequence: number) =>
    (await signTransaction(chargeTransaction(sequence), ours)).envelopeXdr;
  const signTheirs = async (sequence: number) => {
    const transaction = chargeTransaction(sequence);
    transaction.sign(...theirs);
    return transaction.toXdr();
  };
  const [runs = [], rivalRuns = []] = await playRounds(context, [
    { name: "node:crypto, envelopes/s", play: () => rateOf(signOurs, milliseconds) },
    { name: "SDK sign, envelopes/s", play: () => rateOf(signTheirs, milliseconds) },
  ]);
  const isSame = (await signOurs(42)) === (await signTheirs(42));
  return {
    figures: [
      {
        id: "envelopes",
        label: "signed envelopes",
        unit: "/s",
        runs,
        rival: { name: "SDK sign", runs: rivalRuns },
      },
    ],
    facts: [{ what: "both make the same bytes", isHeld: isSame, detail: "sequence 42" }],
    notes: { signatures: 2, milliseconds },
  };
}

async function rateOf(
  sign: (sequence: number) => Promise<string>,
  milliseconds: number,
): Promise<number> {
  const startMs = performance.now();
  let count = 0;
  while (performance.now() - startMs < milliseconds) {
    for (let left = ENVELOPES_AT_ONCE; left > 0; left -= 1) {
      count += 1;
      await sign(count);
    }
  }
  return (count * 1_000) / (performance.now() - startMs);
}

const VAULT = vaultContractId(1);
const CONTRACT = new Address(VAULT).toScAddress();
const MARKER = deriveMarker(NETWORK_PASSPHRASE, "deduct", "bench", "request-1");
/** What a simulation would have answered: the vault's instance is written. */
const SOROBAN_DATA = new SorobanDataBuilder()
  .setReadWrite([
    xdr.LedgerKey.contractData(
      new xdr.LedgerKeyContractData({
        contract: CONTRACT,
        key: xdr.ScVal.scvLedgerKeyContractInstance(),
        durability: xdr.ContractDataDurability.persistent,
      }),
    ),
  ])
  .setResources(2_000_000, 1_000, 1_000)
  .setResourceFee(100_000n)
  .build()
  .toXdr("base64");

/** A charge as the engine builds it: channel as source, the vaults' caller as the operation's. */
function chargeTransaction(sequence: number): Transaction {
  const terms = {
    vaultContractId: VAULT,
    caller: SUBMITTER,
    amountStroops: 1_000n,
    marker: MARKER,
    payee: PAYEE,
  };
  return buildTransaction({
    networkPassphrase: NETWORK_PASSPHRASE,
    sourcePublicKey: CHANNEL.publicKey(),
    sequence: BigInt(sequence),
    operations: [chargeOperation([terms], DEFAULT_VAULT_INTERFACE, [])],
    inclusionFeeStroops: 100n,
    bounds: { maxLedger: 1_000, maxTimeS: 2_000_000_000 },
    sorobanData: SOROBAN_DATA,
  });
}
