import { describe, expect, it } from "vitest";
import { channelKeys, NETWORK, submitter } from "../../test/support/accounts.ts";
import { LEDGER_MS, VirtualNetwork } from "../../test/support/virtual-network.ts";
import { createMemoryJournal } from "../journal/submission-journal.memory.ts";
import { createCallBudget } from "../pacing/call-budget.ts";
import { RpcError } from "../rpc/rpc-error.ts";
import type { SorobanRpc } from "../rpc/soroban-rpc.ts";
import { provisionChannels } from "./channel-provisioner.ts";

const COUNT = 2;

function begin() {
  const network = new VirtualNetwork();
  const journal = createMemoryJournal();
  const abort = new AbortController();
  const warnings: string[] = [];
  /** Makes the channel accounts, over a client that may differ from the network's in some calls. */
  const provision = (calls: Partial<SorobanRpc> = {}, treasury = submitter) =>
    network.finish(
      provisionChannels(
        {
          journal,
          rpc: { ...network.rpc, ...calls },
          networkPassphrase: NETWORK,
          treasury,
          channelSigner: channelKeys,
          startingBalanceXlm: "10",
          budget: createCallBudget(() => network.latestLedger),
          tip: () => network.rpc.getLatestLedger(),
          pace: () => ({ latestLedger: 0, heardAtMs: 0, ledgerMs: LEDGER_MS }),
          clock: network.clock,
          random: () => 0.5,
          timers: { after: (delayMs, work) => network.scheduler.after(delayMs, work) },
          logger: {
            info: () => {},
            warn: (_fields, message) => warnings.push(message),
            error: () => {},
          },
          signal: abort.signal,
        },
        COUNT,
      ),
    );
  return { network, journal, abort, warnings, provision };
}

const timeout = (method: string) => () => Promise.reject(new RpcError("timeout", method));

describe("making channel accounts", () => {
  it("makes each once, and nothing where all are there", async () => {
    const { network, journal, provision } = begin();
    expect(await provision()).toEqual({ missing: 0 });
    const { latestLedger } = network;
    expect(await provision()).toEqual({ missing: 0 });
    expect(network.latestLedger).toBe(latestLedger);
    expect((await journal.counts()).channels.ready).toBe(COUNT);
  });

  it("says that the treasury has no account", async () => {
    const { provision } = begin();
    const stranger = channelKeys(9);
    await expect(provision({}, stranger)).rejects.toThrow(`${stranger.publicKey} does not exist`);
  });

  it("does without the ledger's close time", async () => {
    const { network, provision } = begin();
    const getLatestLedger = async () => ({ sequence: network.latestLedger });
    expect(await provision({ getLatestLedger })).toEqual({ missing: 0 });
  });

  it("looks for what it sent although the answer was lost", async () => {
    const { network, provision } = begin();
    const sendTransaction = async (envelopeXdr: string) => {
      await network.rpc.sendTransaction(envelopeXdr);
      throw new RpcError("timeout", "sendTransaction");
    };
    expect(await provision({ sendTransaction })).toEqual({ missing: 0 });
  });

  it("gives up what the network never takes, once it cannot be applied any more", async () => {
    const { network, journal, provision } = begin();
    const before = network.latestLedger;
    const sendTransaction = timeout("sendTransaction");
    expect(await provision({ sendTransaction })).toEqual({ missing: COUNT });
    expect(network.latestLedger).toBeGreaterThanOrEqual(before + 6);
    expect((await journal.counts()).channels.absent).toBe(COUNT);
  });

  it("waits for a ledger when another transaction of the treasury is in the queue", async () => {
    const { network, provision, warnings } = begin();
    await network.faults({ tryAgainLater: 1 });
    expect(await provision()).toEqual({ missing: COUNT });
    expect(warnings).toEqual(["treasury transaction not accepted yet"]);
    expect(await provision()).toEqual({ missing: 0 });
  });

  it("waits for nothing once the engine stops", async () => {
    const { network, abort, provision } = begin();
    const { latestLedger } = network;
    abort.abort();
    await provision({ sendTransaction: timeout("sendTransaction") });
    expect(network.latestLedger).toBe(latestLedger);
  });

  it("does not take a fault of its own for an answer that was lost", async () => {
    const { provision } = begin();
    const sendTransaction = () => Promise.reject(new TypeError("a bug"));
    await expect(provision({ sendTransaction })).rejects.toThrow("a bug");
  });
});
