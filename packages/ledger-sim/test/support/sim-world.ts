import {
  Account,
  Address,
  type FeeBumpTransaction,
  Keypair,
  nativeToScVal,
  Operation,
  rpc,
  StrKey,
  type Transaction,
  TransactionBuilder,
  xdr,
} from "@stellar/stellar-sdk";
import { type LedgerSim, type LedgerSimOptions, startLedgerSim } from "../../src/server.ts";

export const NETWORK = "Orrery Test Network ; 2026";

export interface DeductionItem {
  readonly amount: bigint;
  readonly requestId?: string;
  readonly developer?: string;
}

export interface CallOptions {
  /** The transaction's source; the channel by default. */
  readonly source?: Keypair;
  readonly sequence?: bigint;
  /** Stroops bid for inclusion. */
  readonly fee?: string;
  readonly maxLedger?: number;
  readonly minLedger?: number;
  readonly maxTime?: number;
  readonly signers?: readonly Keypair[];
  readonly prepare?: boolean;
}

/** An error object that a call was answered with. */
class RpcFailure extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** A network with a vault of one user, a caller that may charge it, and channel accounts. */
export class SimWorld {
  readonly caller = Keypair.random();
  readonly channel = Keypair.random();
  readonly otherChannel = Keypair.random();
  readonly treasury = Keypair.random();
  readonly developer = Keypair.random().publicKey();
  readonly vault = StrKey.encodeContract(Keypair.random().rawPublicKey());
  #sim: LedgerSim | undefined;
  #server: rpc.Server | undefined;

  static async begin(options: Partial<LedgerSimOptions> = {}): Promise<SimWorld> {
    const world = new SimWorld();
    await world.start(options);
    await world.call("sim_fund", { contractId: world.vault, amount: "1000000" });
    return world;
  }

  get sim(): LedgerSim {
    if (!this.#sim) throw new Error("the network is not running");
    return this.#sim;
  }

  get server(): rpc.Server {
    if (!this.#server) throw new Error("the network is not running");
    return this.#server;
  }

  async start(options: Partial<LedgerSimOptions> = {}): Promise<void> {
    this.#sim = await startLedgerSim({
      networkPassphrase: NETWORK,
      vaultAuthorizedCaller: this.caller.publicKey(),
      genesisAccounts: [this.channel, this.otherChannel, this.treasury].map((key) =>
        key.publicKey(),
      ),
      ...options,
    });
    this.#server = new rpc.Server(this.#sim.url, { allowHttp: true });
  }

  async end(): Promise<void> {
    await this.#sim?.close();
    this.#sim = undefined;
  }

  /** Posts one JSON-RPC call, as any client would; gives the result or throws the error. */
  async call<T = Record<string, unknown>>(method: string, params?: unknown): Promise<T> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const answer = await this.post(body);
    const { result, error } = (await answer.json()) as {
      result?: T;
      error?: { code: number; message: string };
    };
    if (error) throw new RpcFailure(error.code, error.message);
    return result as T;
  }

  post(body: string): Promise<Response> {
    const headers = { "content-type": "application/json" };
    return fetch(this.sim.url, { method: "POST", headers, body });
  }

  deduct(item: DeductionItem, options: CallOptions = {}): Promise<Transaction> {
    const requestId =
      item.requestId === undefined ? xdr.ScVal.scvVoid() : xdr.ScVal.scvSymbol(item.requestId);
    return this.invoke(
      "deduct",
      [
        this.address(this.caller.publicKey()),
        nativeToScVal(item.amount, { type: "i128" }),
        requestId,
        xdr.ScVal.scvU32(0),
        this.address(item.developer ?? this.developer),
      ],
      options,
    );
  }

  batchDeduct(items: readonly DeductionItem[], options: CallOptions = {}): Promise<Transaction> {
    const structs = items.map(({ amount, requestId, developer = this.developer }) =>
      xdr.ScVal.scvMap([
        this.field("amount", nativeToScVal(amount, { type: "i128" })),
        this.field("developer", this.address(developer)),
        this.field(
          "request_id",
          requestId === undefined ? xdr.ScVal.scvVoid() : xdr.ScVal.scvSymbol(requestId),
        ),
      ]),
    );
    const args = [this.address(this.caller.publicKey()), xdr.ScVal.scvVec(structs)];
    return this.invoke("batch_deduct", args, options);
  }

  /** Builds, prepares and signs a call of the vault whose operation source is the caller. */
  async invoke(name: string, args: xdr.ScVal[], options: CallOptions = {}): Promise<Transaction> {
    const { signers = [options.source ?? this.channel, this.caller] } = options;
    const operation = Operation.invokeContractFunction({
      contract: this.vault,
      function: name,
      args,
      source: this.caller.publicKey(),
    });
    const built = await this.build(operation, options);
    const ready = options.prepare === false ? built : await this.server.prepareTransaction(built);
    ready.sign(...signers);
    return ready;
  }

  /** Builds a transaction of one operation; nothing is signed. */
  async build(operation: xdr.Operation, options: CallOptions = {}): Promise<Transaction> {
    const source = (options.source ?? this.channel).publicKey();
    const sequence = options.sequence ?? (await this.sequenceOf(source)) + 1n;
    const builder = new TransactionBuilder(new Account(source, (sequence - 1n).toString()), {
      fee: options.fee ?? "100",
      networkPassphrase: NETWORK,
      timebounds: { minTime: 0, maxTime: options.maxTime ?? 0 },
    }).addOperation(operation);
    if (options.maxLedger || options.minLedger) {
      builder.setLedgerbounds(options.minLedger ?? 0, options.maxLedger ?? 0);
    }
    return builder.build();
  }

  bump(inner: Transaction, inclusionFee: bigint, signer = this.treasury): FeeBumpTransaction {
    const bump = TransactionBuilder.buildFeeBumpTransaction(
      this.treasury,
      inclusionFee.toString(),
      inner,
      NETWORK,
    );
    bump.sign(signer);
    return bump;
  }

  send(transaction: Transaction | FeeBumpTransaction): Promise<rpc.Api.SendTransactionResponse> {
    return this.server.sendTransaction(transaction);
  }

  /** Sends, closes a ledger and gives what became of it. */
  async apply(transaction: Transaction | FeeBumpTransaction) {
    const sent = await this.send(transaction);
    if (sent.status !== "PENDING") throw new Error(`not accepted: ${describeRefusal(sent)}`);
    this.sim.closeLedger();
    return this.server.getTransaction(sent.hash);
  }

  async sequenceOf(accountId: string): Promise<bigint> {
    return (await this.server.getAccountEntry(accountId)).seqNum;
  }

  async lumensOf(accountId: string): Promise<bigint> {
    return (await this.server.getAccountEntry(accountId)).balance;
  }

  async vaultBalance(): Promise<bigint> {
    const state = await this.call<{ vaults: Record<string, { balance: string }> }>("sim_state");
    return BigInt(state.vaults[this.vault]?.balance ?? -1);
  }

  address(address: string): xdr.ScVal {
    return new Address(address).toScVal();
  }

  private field(name: string, val: xdr.ScVal): xdr.ScMapEntry {
    return new xdr.ScMapEntry({ key: xdr.ScVal.scvSymbol(name), val });
  }
}

/** The code that a refused or failed transaction was answered with. */
export function codeOf(result: xdr.TransactionResult | undefined): string {
  return result?.result.type ?? "none";
}

export function describeRefusal(sent: rpc.Api.SendTransactionResponse): string {
  return `${sent.status} ${codeOf(sent.errorResult)}`;
}

/** The result code of the only operation of an applied transaction. */
export function operationCode(result: xdr.TransactionResult): string {
  const { result: outer } = result;
  const isWrapped = outer.type === "txFeeBumpInnerSuccess" || outer.type === "txFeeBumpInnerFailed";
  const inner = isWrapped ? outer.innerResultPair.result.result : outer;
  if (inner.type !== "txSuccess" && inner.type !== "txFailed") return inner.type;
  const [operation] = inner.results;
  return operation?.type === "opInner" ? operation.tr.value.type : (operation?.type ?? "none");
}

export function asSuccess(
  answer: rpc.Api.GetTransactionResponse,
): rpc.Api.GetSuccessfulTransactionResponse {
  if (answer.status === rpc.Api.GetTransactionStatus.SUCCESS) return answer;
  throw new Error(`${answer.txHash} is ${answer.status}`);
}

export function asFailed(
  answer: rpc.Api.GetTransactionResponse,
): rpc.Api.GetFailedTransactionResponse {
  if (answer.status === rpc.Api.GetTransactionStatus.FAILED) return answer;
  throw new Error(`${answer.txHash} is ${answer.status}`);
}

export function hexHash(transaction: Transaction | FeeBumpTransaction): string {
  return Buffer.from(transaction.hash()).toString("hex");
}
