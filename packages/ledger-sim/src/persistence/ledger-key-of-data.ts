import { xdr } from "@stellar/stellar-sdk";

/** The key under which a Soroban entry is found. */
export function ledgerKeyFor(data: xdr.LedgerEntryData): xdr.LedgerKey {
  if (data.type === "contractCode") {
    return xdr.LedgerKey.contractCode(
      new xdr.LedgerKeyContractCode({ hash: data.contractCode.hash }),
    );
  }
  if (data.type !== "contractData") throw new Error(`not a Soroban entry: ${data.type}`);
  const { contract, key, durability } = data.contractData;
  return xdr.LedgerKey.contractData(new xdr.LedgerKeyContractData({ contract, key, durability }));
}
