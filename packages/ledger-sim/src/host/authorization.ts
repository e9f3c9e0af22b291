import { createHash, randomBytes } from "node:crypto";
import { buildAuthorizationEntryPreimage, StrKey, scValToNative, xdr } from "@stellar/stellar-sdk";
import { addressText, contractDataEntry, contractDataKey, scAddress } from "../entries/entry.ts";
import { scValBytes } from "../entries/sc-val-bytes.ts";
import { verifySignature } from "../transactions/signatures.ts";
import { HostError } from "./host-error.ts";
import type { HostStorage } from "./host-storage.ts";

export interface AuthorizationContext {
  readonly passphrase: string;
  readonly ledger: number;
  readonly operationSourceId: string;
  readonly invocation: xdr.InvokeContractArgs;
  readonly storage: HostStorage;
}

/** Decides whether an address authorised the one call that runs. */
export interface Authorizer {
  requireAuth(address: string): void;
}

/** Holds a call to the signed entries it came with: each entry serves once. */
export class EnforcingAuthorizer implements Authorizer {
  readonly #context: AuthorizationContext;
  readonly #unused: xdr.SorobanAuthorizationEntry[];

  constructor(context: AuthorizationContext, entries: readonly xdr.SorobanAuthorizationEntry[]) {
    this.#context = context;
    this.#unused = [...entries];
  }

  requireAuth(address: string): void {
    const index = this.#unused.findIndex((entry) => this.#isFor(entry, address));
    const entry = this.#unused[index];
    if (!entry) throw unauthorized(`no authorization of ${address} for this call`);
    this.#unused.splice(index, 1);
    if (entry.credentials.type !== "sorobanCredentialsSourceAccount") this.#verify(entry);
  }

  #isFor(entry: xdr.SorobanAuthorizationEntry, address: string): boolean {
    const root = entry.rootInvocation.function;
    if (root.type !== "sorobanAuthorizedFunctionTypeContractFn") return false;
    if (!isSameCall(root.contractFn, this.#context.invocation)) return false;
    const credentials = addressCredentials(entry.credentials);
    const signer = credentials ? addressText(credentials.address) : this.#context.operationSourceId;
    return signer === address;
  }

  #verify(entry: xdr.SorobanAuthorizationEntry): void {
    const credentials = addressCredentials(entry.credentials);
    if (!credentials) throw unauthorized("credentials of a kind that is not supported");
    const { ledger, passphrase } = this.#context;
    const expiration = credentials.signatureExpirationLedger;
    if (expiration < ledger) throw unauthorized(`the signature expired at ledger ${expiration}`);
    const address = addressText(credentials.address);
    if (!StrKey.isValidEd25519PublicKey(address)) {
      throw unauthorized(`${address} is no account: contract accounts are not supported`);
    }
    const preimage = buildAuthorizationEntryPreimage(entry, expiration, passphrase);
    const payload = createHash("sha256").update(preimage.toXdr()).digest();
    if (!isSignedBy(address, payload, credentials.signature)) {
      throw unauthorized(`not a signature of ${address}`);
    }
    useNonce(this.#context.storage, address, credentials, ledger);
  }
}

/** Notes which authorizations a call asks for, as simulation answers them: unsigned. */
export class RecordingAuthorizer implements Authorizer {
  readonly entries: xdr.SorobanAuthorizationEntry[] = [];
  readonly #context: AuthorizationContext;
  readonly #isAddressBound: boolean;

  constructor(context: AuthorizationContext, isAddressBound: boolean) {
    this.#context = context;
    this.#isAddressBound = isAddressBound;
  }

  requireAuth(address: string): void {
    this.entries.push(
      new xdr.SorobanAuthorizationEntry({
        credentials:
          address === this.#context.operationSourceId
            ? xdr.SorobanCredentials.sorobanCredentialsSourceAccount()
            : this.#unsigned(address),
        rootInvocation: new xdr.SorobanAuthorizedInvocation({
          function: xdr.SorobanAuthorizedFunction.sorobanAuthorizedFunctionTypeContractFn(
            this.#context.invocation,
          ),
          subInvocations: [],
        }),
      }),
    );
  }

  #unsigned(address: string): xdr.SorobanCredentials {
    const credentials = new xdr.SorobanAddressCredentials({
      address: scAddress(address),
      nonce: randomBytes(8).readBigInt64BE(),
      signatureExpirationLedger: 0,
      signature: xdr.ScVal.scvVoid(),
    });
    useNonce(this.#context.storage, address, credentials, this.#context.ledger);
    return this.#isAddressBound
      ? xdr.SorobanCredentials.sorobanCredentialsAddressV2(credentials)
      : xdr.SorobanCredentials.sorobanCredentialsAddress(credentials);
  }
}

function isSameCall(a: xdr.InvokeContractArgs, b: xdr.InvokeContractArgs): boolean {
  return (
    addressText(a.contractAddress) === addressText(b.contractAddress) &&
    a.functionName.equals(b.functionName) &&
    a.args.length === b.args.length &&
    a.args.every((arg, at) => {
      const other = b.args[at];
      return other !== undefined && Buffer.compare(scValBytes(arg), scValBytes(other)) === 0;
    })
  );
}

function addressCredentials(
  credentials: xdr.SorobanCredentials,
): xdr.SorobanAddressCredentials | undefined {
  if (credentials.type === "sorobanCredentialsAddress") return credentials.address;
  if (credentials.type === "sorobanCredentialsAddressV2") return credentials.addressV2;
  return undefined;
}

function useNonce(
  storage: HostStorage,
  address: string,
  credentials: xdr.SorobanAddressCredentials,
  ledger: number,
): void {
  const nonce = xdr.ScVal.scvLedgerKeyNonce(new xdr.ScNonceKey({ nonce: credentials.nonce }));
  const key = contractDataKey(address, nonce, "temporary");
  if (storage.find(key)) throw unauthorized("the nonce was used before");
  const liveUntil = Math.max(credentials.signatureExpirationLedger, ledger);
  storage.put(key, contractDataEntry(key, xdr.ScVal.scvVoid(), liveUntil, ledger));
}

function isSignedBy(address: string, payload: Uint8Array, signature: xdr.ScVal): boolean {
  if (signature.type !== "scvVec" || signature.vec?.length !== 1) return false;
  const given: unknown = scValToNative(signature.vec[0] as xdr.ScVal);
  if (typeof given !== "object" || given === null) return false;
  const { public_key: publicKey, signature: bytes } = given as Record<string, unknown>;
  if (!(publicKey instanceof Uint8Array) || !(bytes instanceof Uint8Array)) return false;
  return (
    publicKey.length === 32 &&
    StrKey.encodeEd25519PublicKey(publicKey) === address &&
    verifySignature(address, payload, bytes)
  );
}

function unauthorized(reason: string): HostError {
  return HostError.host("Auth", "InvalidAction", reason);
}
