import { createPrivateKey, sign } from "node:crypto";
import {
  encodeTransaction,
  type OneOperationTransaction,
  signEncoded,
} from "@orrery/soroban/envelope/encode-transaction";
import { deriveMarker } from "@orrery/soroban/intent/marker";
import { createSecretSigner } from "@orrery/soroban/signing/seed-signer";
import { DEFAULT_VAULT_INTERFACE, encodeCharge } from "@orrery/soroban/vault/vault-call";
import {
  Account,
  Address,
  Keypair,
  nativeToScVal,
  Operation,
  SorobanDataBuilder,
  type Transaction,
  TransactionBuilder,
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
  about: "encode and sign a charge's envelope: against the SDK, and against the bare signatures",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const milliseconds = sized(context, 3_000, 500);
  const channel = createSecretSigner(CHANNEL.secret());
  const both = [channel, createSecretSigner(SUBMITTER_SECRET)];
  const signOnce = async (sequence: number) =>
    (await signEncoded(encodedCharge(sequence), [channel])).envelopeXdr;
  const signCharge = async (sequence: number) =>
    (await signEncoded(encodedCharge(sequence), both)).envelopeXdr;
  const contenders = [
    { name: "one signature, envelopes/s", sign: signOnce },
    { name: "two signatures, envelopes/s", sign: signCharge },
    { name: "SDK, two signatures", sign: signBySdk },
    { name: "bare pairs of signatures/s", sign: signBarePair },
  ];
  const [single = [], runs = [], sdkRuns = [], bareRuns = []] = await playRounds(
    context,
    contenders.map(({ name, sign: play }) => ({ name, play: () => rateOf(play, milliseconds) })),
  );
  const isSame = (await signCharge(42)) === (await signBySdk(42));
  return {
    figures: [
      { id: "envelopes", label: "envelopes with one signature", unit: "/s", runs: single },
      {
        id: "charges",
        label: "charges: two signatures each",
        unit: "/s",
        runs,
        rival: { name: "SDK, build and sign", runs: sdkRuns },
      },
      {
        id: "overhead",
        label: "the same, against bare signatures",
        unit: "/s",
        runs,
        rival: { name: "node:crypto, two signatures alone", runs: bareRuns },
      },
    ],
    facts: [{ what: "both make the same bytes", isHeld: isSame, detail: "sequence 42" }],
    notes: { threads: 1, milliseconds },
  };
}

async function rateOf(
  signOne: (sequence: number) => Promise<unknown>,
  milliseconds: number,
): Promise<number> {
  const startMs = performance.now();
  let count = 0;
  while (performance.now() - startMs < milliseconds) {
    for (let left = ENVELOPES_AT_ONCE; left > 0; left -= 1) {
      count += 1;
      await signOne(count);
    }
  }
  return (count * 1_000) / (performance.now() - startMs);
}

const VAULT = vaultContractId(1);
const MARKER = deriveMarker(NETWORK_PASSPHRASE, "deduct", "bench", "request-1");
const AMOUNT_STROOPS = 1_000n;
const FEE_STROOPS = 100n;
const BOUNDS = { maxLedger: 1_000, maxTimeS: 2_000_000_000 };
/** What a simulation would have answered: the vault's instance is written. */
const SOROBAN_DATA = new SorobanDataBuilder()
  .setReadWrite([
    xdr.LedgerKey.contractData(
      new xdr.LedgerKeyContractData({
        contract: new Address(VAULT).toScAddress(),
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
function encodedCharge(sequence: number): ReturnType<typeof encodeTransaction> {
  const terms = {
    vaultContractId: VAULT,
    caller: SUBMITTER,
    amountStroops: AMOUNT_STROOPS,
    marker: MARKER,
    payee: PAYEE,
  };
  const unsigned: OneOperationTransaction = {
    networkPassphrase: NETWORK_PASSPHRASE,
    sourcePublicKey: CHANNEL.publicKey(),
    sequence: BigInt(sequence),
    operation: encodeCharge([terms], DEFAULT_VAULT_INTERFACE, []),
    inclusionFeeStroops: FEE_STROOPS,
    bounds: BOUNDS,
    sorobanData: SOROBAN_DATA,
  };
  return encodeTransaction(unsigned);
}

const SDK_SIGNERS = [CHANNEL, Keypair.fromSecret(SUBMITTER_SECRET)];

async function signBySdk(sequence: number): Promise<string> {
  const transaction = chargeOfSdk(sequence);
  transaction.sign(...SDK_SIGNERS);
  return transaction.toXdr();
}

function chargeOfSdk(sequence: number): Transaction {
  const args = [
    new Address(SUBMITTER).toScVal(),
    nativeToScVal(AMOUNT_STROOPS, { type: "i128" }),
    nativeToScVal(MARKER, { type: "symbol" }),
    nativeToScVal(DEFAULT_VAULT_INTERFACE.maxFeeBps, { type: "u32" }),
    new Address(PAYEE).toScVal(),
  ];
  return new TransactionBuilder(new Account(CHANNEL.publicKey(), String(sequence - 1)), {
    fee: String(FEE_STROOPS),
    networkPassphrase: NETWORK_PASSPHRASE,
    timebounds: { minTime: 0, maxTime: BOUNDS.maxTimeS },
    ledgerbounds: { minLedger: 0, maxLedger: BOUNDS.maxLedger },
    sorobanData: SOROBAN_DATA,
  })
    .addOperation(
      Operation.invokeContractFunction({
        contract: VAULT,
        function: "deduct",
        args,
        auth: [],
        source: SUBMITTER,
      }),
    )
    .build();
}

/** The PKCS #8 wrapping of a raw ed25519 seed. @see RFC 8410, section 7 */
const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");
const BARE_KEY = createPrivateKey({
  key: Buffer.concat([PKCS8_ED25519, Buffer.alloc(32, 7)]),
  format: "der",
  type: "pkcs8",
});
const BARE_HASH = Buffer.alloc(32, 1);

/** What no envelope with two signatures can be faster than, on one thread of this machine. */
async function signBarePair(): Promise<unknown> {
  return [sign(null, BARE_HASH, BARE_KEY), sign(null, BARE_HASH, BARE_KEY)];
}
