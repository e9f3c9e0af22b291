import { bestSendAnswer } from "./best-send-answer.ts";
import {
  type Breaker,
  type BreakerPolicy,
  CLOSED,
  DEFAULT_BREAKER_POLICY,
  mayCall,
  onAnswer,
  onCall,
  onFailure,
} from "./circuit-breaker.ts";
import { type HeardLedger, isLagging, NEVER_HEARD } from "./decide-lag.ts";
import { RpcError } from "./rpc-error.ts";
import type { SendAnswer, SorobanRpc } from "./soroban-rpc.ts";

export interface FailoverOptions {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly breaker?: BreakerPolicy;
  /** Answers further behind the newest ledger heard of are not used. */
  readonly maxLagLedgers?: number;
  /** To how many servers a transaction is sent at the same time. */
  readonly sendTo?: number;
  /** Told when a server's breaker opens and closes. */
  readonly onBreaker?: (server: number, isOpen: boolean) => void;
}

interface Server {
  readonly index: number;
  readonly rpc: SorobanRpc;
  breaker: Breaker;
  heard: HeardLedger;
}

const DEFAULT_MAX_LAG_LEDGERS = 2;
const DEFAULT_SEND_TO = 2;
/** A network that has not been heard of for so long may have been reset. */
const FORGET_MS = 60_000;

type Call<Answer> = (rpc: SorobanRpc) => Promise<Answer>;
type LedgerOf<Answer> = (answer: Answer) => number;

/**
 * One RPC out of several: calls go to the first server that may be called, and on to the next when
 * it gives no answer, or one that lags behind what another has named. Transactions go to several at
 * once. Every call ends within the servers' own time-outs, one after the other.
 * An answer always comes from one server, with that server's ledgers: a proof of death that needs
 * two polls holds each of them to its bound by itself.
 */
export function createFailoverRpc(
  rpcs: readonly SorobanRpc[],
  options: FailoverOptions,
): SorobanRpc {
  if (rpcs.length === 0) throw new Error("at least one RPC server is needed");
  return new FailoverRpc(rpcs, options);
}

class FailoverRpc implements SorobanRpc {
  readonly #servers: readonly Server[];
  readonly #options: FailoverOptions;

  constructor(rpcs: readonly SorobanRpc[], options: FailoverOptions) {
    this.#options = options;
    this.#servers = rpcs.map((rpc, index) => ({
      index,
      rpc,
      breaker: CLOSED,
      heard: NEVER_HEARD,
    }));
    // Used detached, like the members of any other client.
    for (const name of METHODS) this[name] = this[name].bind(this) as never;
  }

  getLatestLedger() {
    return this.#read(
      "getLatestLedger",
      (rpc) => rpc.getLatestLedger(),
      ({ sequence }) => sequence,
    );
  }

  getTransaction(hash: string) {
    return this.#read("getTransaction", (rpc) => rpc.getTransaction(hash), ledgerOfTransaction);
  }

  simulateTransaction(envelopeXdr: string) {
    return this.#read(
      "simulateTransaction",
      (rpc) => rpc.simulateTransaction(envelopeXdr),
      ledgerOf,
    );
  }

  getLedgerEntries(keysXdr: readonly string[]) {
    return this.#read("getLedgerEntries", (rpc) => rpc.getLedgerEntries(keysXdr), ledgerOf);
  }

  getFeeStats() {
    return this.#read("getFeeStats", (rpc) => rpc.getFeeStats(), anyLedger);
  }

  getEvents(request: Parameters<SorobanRpc["getEvents"]>[0]) {
    return this.#read("getEvents", (rpc) => rpc.getEvents(request), ledgerOf);
  }

  async sendTransaction(envelopeXdr: string): Promise<SendAnswer> {
    const wanted = this.#options.sendTo ?? DEFAULT_SEND_TO;
    const send = (server: Server) =>
      this.#call(server, (rpc) => rpc.sendTransaction(envelopeXdr), ledgerOf);
    let rest = this.#callable();
    let failure: RpcError | undefined;
    while (rest.length > 0) {
      const answers: SendAnswer[] = [];
      for (const result of await Promise.all(rest.slice(0, wanted).map(send))) {
        if (result instanceof RpcError) failure = result;
        else answers.push(result.answer);
      }
      const best = bestSendAnswer(answers);
      if (best !== undefined) return best;
      rest = rest.slice(wanted);
    }
    throw failure ?? unavailable("sendTransaction");
  }

  async #read<Answer>(
    method: keyof SorobanRpc,
    call: Call<Answer>,
    ledger: LedgerOf<Answer>,
  ): Promise<Answer> {
    let failure: RpcError | undefined;
    for (const server of this.#callable()) {
      const result = await this.#call(server, call, ledger);
      if (result instanceof RpcError) failure = result;
      else if (this.#isLagging(ledger(result.answer))) failure = new RpcError("lagging", method);
      else return result.answer;
    }
    throw failure ?? unavailable(method);
  }

  #callable(): Server[] {
    const nowMs = this.#options.clock();
    return this.#servers.filter(({ breaker }) => mayCall(breaker, nowMs));
  }

  /** One call to one server, with its breaker and its newest ledger kept. */
  async #call<Answer>(
    server: Server,
    call: Call<Answer>,
    ledger: LedgerOf<Answer>,
  ): Promise<{ readonly answer: Answer } | RpcError> {
    const { clock, breaker: policy = DEFAULT_BREAKER_POLICY } = this.#options;
    this.#turn(server, onCall(server.breaker));
    try {
      const answer = await call(server.rpc);
      this.#turn(server, onAnswer());
      const named = ledger(answer);
      if (Number.isFinite(named)) server.heard = { ledger: named, atMs: clock() };
      return { answer };
    } catch (error) {
      if (!(error instanceof RpcError)) {
        this.#turn(server, onFailure(policy, server.breaker, clock()));
        throw error;
      }
      // An error object is an answer: the server is there, and says no to this call.
      const isAnswer = error.kind === "json_rpc";
      this.#turn(server, isAnswer ? onAnswer() : onFailure(policy, server.breaker, clock()));
      return error;
    }
  }

  #turn(server: Server, breaker: Breaker): void {
    const wasOpen = server.breaker.openUntilMs !== 0;
    const isOpen = breaker.openUntilMs !== 0;
    server.breaker = breaker;
    if (wasOpen !== isOpen) this.#options.onBreaker?.(server.index, isOpen);
  }

  #isLagging(ledger: number): boolean {
    const { clock, maxLagLedgers = DEFAULT_MAX_LAG_LEDGERS } = this.#options;
    const heard = this.#servers.map((server) => server.heard);
    return isLagging(ledger, heard, clock(), { maxLagLedgers, forgetMs: FORGET_MS });
  }
}

const METHODS = [
  "getLatestLedger",
  "getTransaction",
  "simulateTransaction",
  "getLedgerEntries",
  "getFeeStats",
  "getEvents",
  "sendTransaction",
] as const;

const ledgerOf = (answer: { readonly latestLedger: number }) => answer.latestLedger;

/** Statistics are advice, of whatever ledger. */
const anyLedger = () => Number.POSITIVE_INFINITY;

/** What a node has in its history is true however old the node is; only absence needs a new one. */
function ledgerOfTransaction(answer: {
  readonly status: string;
  readonly latestLedger: number;
}): number {
  return answer.status === "NOT_FOUND" ? answer.latestLedger : Number.POSITIVE_INFINITY;
}

function unavailable(method: string): RpcError {
  return new RpcError("unavailable", method);
}
