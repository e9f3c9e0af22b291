import { xdr } from "@stellar/stellar-sdk/base";
import { describe, expect, it } from "vitest";
import { channelKeys } from "../../test/support/accounts.ts";
import { VirtualNetwork } from "../../test/support/virtual-network.ts";
import { readAccount, readAccounts } from "./account-entry.ts";
import type { LedgerEntriesAnswer, SorobanRpc } from "./soroban-rpc.ts";

const present = channelKeys(0).publicKey;
const missing = channelKeys(9).publicKey;

const network = () => new VirtualNetwork({ accountIds: [present] });

/** A node whose answers are changed on their way. */
function changing(change: (answer: LedgerEntriesAnswer) => LedgerEntriesAnswer) {
  const { rpc } = network();
  return {
    ...rpc,
    getLedgerEntries: async (keys: readonly string[]) => change(await rpc.getLedgerEntries(keys)),
  } satisfies SorobanRpc;
}

describe("reading accounts", () => {
  it("tells one that is missing from one that is there, in the order asked", async () => {
    const { rpc, latestLedger: ledger } = network();
    const readings = await readAccounts(rpc, [missing, present]);
    expect(readings).toEqual([
      { publicKey: missing, ledger },
      {
        publicKey: present,
        ledger,
        sequence: expect.any(BigInt) as bigint,
        balanceStroops: 1_000_000_000_000n,
      },
    ]);
    expect(await readAccount(rpc, present)).toEqual(readings[1]);
  });

  it("asks for no more at a time than the network answers", async () => {
    const asked: number[] = [];
    const { rpc } = network();
    const counting: SorobanRpc = {
      ...rpc,
      getLedgerEntries: (keys) => {
        asked.push(keys.length);
        return rpc.getLedgerEntries(keys);
      },
    };
    const keys = Array.from({ length: 201 }, (_, index) => channelKeys(index).publicKey);
    const readings = await readAccounts(counting, keys);
    expect(asked).toEqual([200, 1]);
    expect(readings.map(({ publicKey }) => publicKey)).toEqual(keys);
  });

  it("takes an entry that is no account, or cannot be read, for no answer", async () => {
    const value = xdr.LedgerEntryData.ttl(
      new xdr.TtlEntry({ keyHash: new Uint8Array(32), liveUntilLedgerSeq: 9 }),
    ).toXdr("base64");
    for (const entryXdr of [value, "????"]) {
      const rpc = changing((answer) => ({
        ...answer,
        entries: answer.entries.map((entry) => ({ ...entry, xdr: entryXdr })),
      }));
      await expect(readAccount(rpc, present)).rejects.toMatchObject({
        kind: "malformed",
        method: "getLedgerEntries",
      });
    }
  });
});
