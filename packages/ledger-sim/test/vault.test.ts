import { createHash } from "node:crypto";
import {
  authorizeEntry,
  Keypair,
  nativeToScVal,
  Operation,
  rpc,
  scValToNative,
  type Transaction,
  TransactionBuilder,
  xdr,
} from "@stellar/stellar-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { developerBalances } from "../src/vault/vault-admin.ts";
import {
  asFailed,
  asSuccess,
  describeRefusal,
  NETWORK,
  operationCode,
  SimWorld,
} from "./support/sim-world.ts";

let world: SimWorld;
beforeEach(async () => {
  world = await SimWorld.begin();
});
afterEach(() => world.end());

const amountArgument = (amount: bigint) => nativeToScVal(amount, { type: "i128" });

/** The number of the contract error in a simulation's text. */
async function simulatedError(build: Promise<Transaction>): Promise<string> {
  const answer = await world.server.simulateTransaction(await build);
  return rpc.Api.isSimulationError(answer) ? (answer.error.split("\n")[0] ?? "") : "none";
}

/** A contract error as a failed transaction tells it, in its diagnostic events. */
function diagnosedError(answer: rpc.Api.GetTransactionResponse): number | undefined {
  const [event] = asFailed(answer).diagnosticEventsXdr ?? [];
  const error = event?.event.body.v0.topics[1];
  return error?.type === "scvError" && error.error.type === "sceContract"
    ? error.error.contractCode
    : undefined;
}

const unprepared = { prepare: false } as const;

describe("deduct", () => {
  it("moves the amount from the vault to the developer and returns the new balance", async () => {
    const answer = await world.apply(await world.deduct({ amount: 1_000n, requestId: "r1" }));
    const { returnValue } = asSuccess(answer);
    expect(returnValue && scValToNative(returnValue)).toBe(999_000n);
    expect(await world.vaultBalance()).toBe(999_000n);
    expect(developerBalances(world.sim.ledger).get(world.developer)).toBe(1_000n);
  });

  it("emits (deduct, caller, request id) with (amount, new balance)", async () => {
    const answer = await world.apply(await world.deduct({ amount: 1_000n, requestId: "r1" }));
    const { topics, data } = asSuccess(answer).events.contractEventsXdr[0]?.[0]?.body.v0 ?? {};
    expect(topics?.map(scValToNative)).toEqual(["deduct", world.caller.publicKey(), "r1"]);
    expect(data && scValToNative(data)).toEqual([1_000n, 999_000n]);
  });

  it("seals return value and events in the result's hash", async () => {
    const tx = await world.deduct({ amount: 1_000n, requestId: "r1" });
    const answer = asSuccess(await world.apply(tx));
    const preimage = new xdr.InvokeHostFunctionSuccessPreImage({
      returnValue: answer.returnValue ?? xdr.ScVal.scvVoid(),
      events: answer.events.contractEventsXdr[0] ?? [],
    });
    const { result } = answer.resultXdr;
    const operation = result.type === "txSuccess" ? result.results[0] : undefined;
    const invoked = operation?.type === "opInner" ? operation.tr.value : undefined;
    expect(invoked?.type).toBe("invokeHostFunctionSuccess");
    expect(invoked && "success" in invoked && invoked.success).toMatchObject({
      value: new Uint8Array(createHash("sha256").update(preimage.toXdr()).digest()),
    });
  });

  it("charges a request id once: simulation and ledger answer #29 to the second", async () => {
    const stale = await world.deduct(
      { amount: 7n, requestId: "r1" },
      { source: world.otherChannel },
    );
    await world.apply(await world.deduct({ amount: 7n, requestId: "r1" }));
    const again = world.deduct({ amount: 7n, requestId: "r1" }, unprepared);
    expect(await simulatedError(again)).toBe("HostError: Error(Contract, #29)");
    const answer = await world.apply(stale);
    expect(answer.status).toBe("FAILED");
    expect(diagnosedError(answer)).toBe(29);
    expect(await world.vaultBalance()).toBe(999_993n);
  });

  it("charges twice when the vault keeps no markers", async () => {
    world.sim.createVault({
      contractId: world.vault,
      authorizedCaller: world.caller.publicKey(),
      balance: 100n,
      hasMarkers: false,
    });
    await world.apply(await world.deduct({ amount: 7n, requestId: "r1" }));
    await world.apply(await world.deduct({ amount: 7n, requestId: "r1" }));
    expect(await world.vaultBalance()).toBe(86n);
  });

  it("refuses by the contract's error numbers", async () => {
    const errorOf = (amount: bigint) => simulatedError(world.deduct({ amount }, unprepared));
    expect(await errorOf(1_000_001n)).toBe("HostError: Error(Contract, #5)");
    expect(await errorOf(0n)).toBe("HostError: Error(Contract, #6)");
    world.sim.updateVault(world.vault, { maxDeduct: 10n });
    expect(await errorOf(11n)).toBe("HostError: Error(Contract, #7)");
    world.sim.updateVault(world.vault, { isPaused: true });
    expect(await errorOf(1n)).toBe("HostError: Error(Contract, #4)");
    const stranger = Keypair.random().publicKey();
    world.sim.updateVault(world.vault, { isPaused: false, authorizedCaller: stranger });
    expect(await errorOf(1n)).toBe("HostError: Error(Contract, #3)");
  });
});

describe("batch_deduct", () => {
  it("charges 50 items within the limits of one transaction", async () => {
    const items = Array.from({ length: 50 }, (_, at) => ({
      amount: BigInt(at + 1),
      requestId: `r${at}_`.padEnd(32, "0"),
      developer: Keypair.random().publicKey(),
    }));
    const tx = await world.batchDeduct(items);
    expect((await world.apply(tx)).status).toBe("SUCCESS");
    expect(await world.vaultBalance()).toBe(1_000_000n - 1_275n);
    const { events } = await world.server.getEvents({ startLedger: 1, filters: [] });
    expect(events).toHaveLength(50);
  });

  it("charges nothing when one item cannot be charged", async () => {
    const tx = await world.batchDeduct(
      [
        { amount: 1n, requestId: "a" },
        { amount: 1n, requestId: "b" },
      ],
      { source: world.otherChannel },
    );
    await world.apply(await world.deduct({ amount: 3n, requestId: "b" }));
    expect((await world.apply(tx)).status).toBe("FAILED");
    expect(await world.vaultBalance()).toBe(999_997n);
    expect(await isProcessed("a")).toBe(false);
  });

  it("refuses none, more than 50, and one request id twice", async () => {
    const errorOf = (count: number, requestId?: string) => {
      const item = requestId === undefined ? { amount: 1n } : { amount: 1n, requestId };
      return simulatedError(world.batchDeduct(Array(count).fill(item), unprepared));
    };
    expect(await errorOf(0)).toBe("HostError: Error(Contract, #21)");
    expect(await errorOf(51)).toBe("HostError: Error(Contract, #22)");
    expect(await errorOf(2, "same")).toBe("HostError: Error(Contract, #29)");
  });
});

async function isProcessed(requestId: string): Promise<boolean> {
  const answer = await world.server.simulateTransaction(
    await world.invoke("is_request_processed", [xdr.ScVal.scvSymbol(requestId)], unprepared),
  );
  if (!rpc.Api.isSimulationSuccess(answer) || !answer.result) throw new Error("no answer");
  return Boolean(scValToNative(answer.result.retval));
}

describe("a failed transaction", () => {
  it("uses up its sequence number and a fee, and changes nothing else", async () => {
    const tx = await world.deduct({ amount: 900_000n }, { source: world.otherChannel });
    await world.apply(await world.deduct({ amount: 900_000n }));
    const account = world.otherChannel.publicKey();
    const before = [await world.sequenceOf(account), await world.lumensOf(account)] as const;
    const answer = await world.apply(tx);
    expect(operationCode(asFailed(answer).resultXdr)).toBe("invokeHostFunctionTrapped");
    expect(diagnosedError(answer)).toBe(5);
    expect(await world.sequenceOf(account)).toBe(before[0] + 1n);
    const charged = asFailed(answer).resultXdr.feeCharged;
    expect(charged).toBeGreaterThan(100n);
    expect(await world.lumensOf(account)).toBe(before[1] - charged);
    expect(await world.vaultBalance()).toBe(100_000n);
    expect(developerBalances(world.sim.ledger).get(world.developer)).toBe(900_000n);
  });

  it("fails when its declared resources are less than it uses", async () => {
    const prepared = await world.deduct({ amount: 5n });
    const data = sorobanDataOf(prepared);
    const { footprint, diskReadBytes, writeBytes } = data.resources;
    const less = new xdr.SorobanTransactionData({
      ext: data.ext,
      resourceFee: data.resourceFee,
      resources: new xdr.SorobanResources({
        footprint,
        diskReadBytes,
        writeBytes: writeBytes - 1,
        instructions: data.resources.instructions,
      }),
    });
    const answer = await world.apply(resign(prepared, less));
    expect(operationCode(asFailed(answer).resultXdr)).toBe(
      "invokeHostFunctionResourceLimitExceeded",
    );
  });

  it("fails when it touches an entry outside of its footprint", async () => {
    const prepared = await world.deduct({ amount: 5n, requestId: "mine" });
    const other = await world.deduct({ amount: 5n, requestId: "yours" });
    const answer = await world.apply(resign(prepared, sorobanDataOf(other)));
    expect(operationCode(asFailed(answer).resultXdr)).toBe("invokeHostFunctionTrapped");
  });

  it("fails when it reads an entry outside of its footprint", async () => {
    const prepared = await world.deduct({ amount: 5n });
    const { ext, resources, resourceFee } = sorobanDataOf(prepared);
    const { instructions, diskReadBytes, writeBytes, footprint } = resources;
    const narrow = new xdr.SorobanResources({
      footprint: new xdr.LedgerFootprint({ readOnly: [], readWrite: footprint.readWrite }),
      instructions,
      diskReadBytes,
      writeBytes,
    });
    const data = new xdr.SorobanTransactionData({ ext, resources: narrow, resourceFee });
    const answer = await world.apply(resign(prepared, data));
    expect(operationCode(asFailed(answer).resultXdr)).toBe("invokeHostFunctionTrapped");
  });

  it("is refused when its resource fee does not pay for what it declares", async () => {
    const prepared = await world.deduct({ amount: 5n });
    const { ext, resources } = sorobanDataOf(prepared);
    const cheap = new xdr.SorobanTransactionData({ ext, resources, resourceFee: 1n });
    expect(describeRefusal(await world.send(resign(prepared, cheap)))).toBe(
      "ERROR txSorobanInvalid",
    );
  });
});

function sorobanDataOf(transaction: Transaction): xdr.SorobanTransactionData {
  const envelope = transaction.toEnvelope();
  const ext = envelope.type === "envelopeTypeTx" ? envelope.v1.tx.ext : undefined;
  if (ext?.type !== "sorobanData") throw new Error("no Soroban data");
  return ext.sorobanData;
}

function resign(transaction: Transaction, data: xdr.SorobanTransactionData): Transaction {
  const changed = TransactionBuilder.cloneFrom(transaction, {
    fee: "100",
    sorobanData: data,
    networkPassphrase: NETWORK,
  }).build();
  changed.sign(world.channel, world.caller);
  return changed;
}

describe("authorization", () => {
  it("is refused without an entry of the operation's source", async () => {
    const prepared = await world.deduct({ amount: 5n });
    const envelope = prepared.toEnvelope();
    if (envelope.type !== "envelopeTypeTx") throw new Error("no transaction");
    const [operation] = envelope.v1.tx.operations;
    if (operation?.body.type !== "invokeHostFunction") throw new Error("no invocation");
    const bare = Operation.invokeHostFunction({
      func: operation.body.invokeHostFunctionOp.hostFunction,
      auth: [],
      source: world.caller.publicKey(),
    });
    const built = TransactionBuilder.cloneFrom(prepared, {
      fee: "100",
      sorobanData: sorobanDataOf(prepared),
      networkPassphrase: NETWORK,
    })
      .clearOperations()
      .addOperation(bare)
      .build();
    built.sign(world.channel, world.caller);
    const answer = await world.apply(built);
    expect(operationCode(asFailed(answer).resultXdr)).toBe("invokeHostFunctionTrapped");
  });

  /** A deposit of a payer who is neither source: it comes with an entry that the payer signs. */
  async function deposit(payer: Keypair, signer: Keypair) {
    const operation = Operation.invokeContractFunction({
      contract: world.vault,
      function: "deposit",
      args: [world.address(payer.publicKey()), amountArgument(50n)],
    });
    const built = await world.build(operation);
    const simulated = await world.server.simulateTransaction(built);
    if (!rpc.Api.isSimulationSuccess(simulated) || !simulated.result) throw new Error("refused");
    const [entry] = simulated.result.auth;
    if (!entry) throw new Error("no entry to sign");
    const signed = await authorizeEntry(
      entry,
      async (preimage) => ({
        signature: signer.sign(createHash("sha256").update(preimage.toXdr()).digest()),
        publicKey: signer.publicKey(),
      }),
      world.sim.ledger.latest.sequence + 100,
      NETWORK,
    );
    const ready = TransactionBuilder.cloneFrom(rpc.assembleTransaction(built, simulated).build(), {
      fee: "100",
      networkPassphrase: NETWORK,
      sorobanData: simulated.transactionData.build(),
    })
      .clearOperations()
      .addOperation(
        Operation.invokeContractFunction({
          contract: world.vault,
          function: "deposit",
          args: [world.address(payer.publicKey()), amountArgument(50n)],
          auth: [signed],
        }),
      )
      .build();
    ready.sign(world.channel);
    return ready;
  }

  it("accepts the signed entry of an address that is no source, once", async () => {
    const payer = Keypair.random();
    const tx = await deposit(payer, payer);
    expect((await world.apply(tx)).status).toBe("SUCCESS");
    expect(await world.vaultBalance()).toBe(1_000_050n);
    const [operation] = tx.operations;
    if (operation?.type !== "invokeHostFunction") throw new Error("no invocation");
    const { func, auth } = operation;
    const next = await world.build(Operation.invokeHostFunction({ func, auth: auth ?? [] }));
    const replay = TransactionBuilder.cloneFrom(next, {
      fee: "100",
      networkPassphrase: NETWORK,
      sorobanData: sorobanDataOf(tx),
    }).build();
    replay.sign(world.channel);
    expect((await world.apply(replay)).status).toBe("FAILED");
    expect(await world.vaultBalance()).toBe(1_000_050n);
  });

  it("refuses an entry that somebody else signed", async () => {
    const answer = await world.apply(await deposit(Keypair.random(), Keypair.random()));
    expect(answer.status).toBe("FAILED");
    expect(await world.vaultBalance()).toBe(1_000_000n);
  });
});

describe("an archived entry", () => {
  it("fails a transaction that does not restore it; simulation then says what to restore", async () => {
    await world.call("sim_setFaults", { archivedEntries: 1 });
    const answer = await world.apply(await world.deduct({ amount: 5n }));
    expect(operationCode(asFailed(answer).resultXdr)).toBe("invokeHostFunctionEntryArchived");
    const restoring = await world.deduct({ amount: 5n });
    expect(sorobanDataOf(restoring).ext.type).toBe("resourceExt");
    expect((await world.apply(restoring)).status).toBe("SUCCESS");
    expect(await world.vaultBalance()).toBe(999_995n);
  });

  it("is brought back by a restore operation too", async () => {
    await world.call("sim_setFaults", { archivedEntries: 1 });
    await world.apply(await world.deduct({ amount: 5n }));
    const archived = await world.server.getLedgerEntries(instanceKey());
    expect(archived.entries[0]?.liveUntilLedgerSeq).toBe(0);
    const footprint = new xdr.LedgerFootprint({ readOnly: [], readWrite: [instanceKey()] });
    const resources = new xdr.SorobanResources({
      footprint,
      instructions: 0,
      diskReadBytes: 0,
      writeBytes: 0,
    });
    const built = TransactionBuilder.cloneFrom(await world.build(Operation.restoreFootprint({})), {
      fee: "100",
      networkPassphrase: NETWORK,
      sorobanData: new xdr.SorobanTransactionData({
        ext: xdr.SorobanTransactionDataExt.v0(),
        resources,
        resourceFee: 0n,
      }),
    }).build();
    const prepared = await world.server.prepareTransaction(built);
    prepared.sign(world.channel);
    expect((await world.apply(prepared)).status).toBe("SUCCESS");
    expect((await world.apply(await world.deduct({ amount: 5n }))).status).toBe("SUCCESS");
  });

  it("still counts as present when it is a marker", async () => {
    await world.end();
    world = await SimWorld.begin({ settings: { minPersistentTtlLedgers: 20 } });
    await world.apply(await world.deduct({ amount: 5n, requestId: "old" }));
    world.sim.closeLedger(30);
    expect(await isProcessed("old")).toBe(true);
    const again = world.deduct({ amount: 5n, requestId: "old" }, unprepared);
    expect(await simulatedError(again)).toBe("HostError: Error(Contract, #29)");
  });
});

function instanceKey(): xdr.LedgerKey {
  const contract = world.address(world.vault);
  if (contract.type !== "scvAddress") throw new Error("no address");
  return xdr.LedgerKey.contractData(
    new xdr.LedgerKeyContractData({
      contract: contract.address,
      key: xdr.ScVal.scvLedgerKeyContractInstance(),
      durability: xdr.ContractDataDurability.persistent,
    }),
  );
}
