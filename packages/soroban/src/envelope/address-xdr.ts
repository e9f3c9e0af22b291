import { Address, StrKey } from "@stellar/stellar-sdk/base";

const MAX_KEPT = 20_000;

/**
 * Remembers what a text decodes to: the same few thousand addresses come again and again, and the
 * checksum of one takes longer than all the rest of an envelope.
 */
function remembering<Value>(decode: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) {
      value = decode(text);
      if (known.size >= MAX_KEPT) known.clear();
      known.set(text, value);
    }
    return value;
  };
}

/** The XDR of an address of any kind, as SCAddress. @throws {Error} for what is no address */
export const scAddressXdr = remembering((address) => new Address(address).toScAddress().toXdr());

/** The same of a contract's address alone. @throws {Error} for what is no contract's */
export const contractXdr = remembering((contractId) => {
  const address = new Address(contractId);
  if (address.type !== "contract") throw new TypeError(`no contract: ${contractId}`);
  return address.toScAddress().toXdr();
});

/** The 32 bytes of an account's key. @throws {Error} for what is no `G…` */
export const accountKeyBytes = remembering((publicKey) => StrKey.decodeEd25519PublicKey(publicKey));
