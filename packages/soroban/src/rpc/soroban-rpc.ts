/**
 * The JSON-RPC methods that the engine calls, as the network answers them: XDR stays base64, so
 * that an answer which cannot be decoded still tells its status and its ledgers.
 * Every call ends within the client's time-out. @throws {RpcError}
 * @see https://developers.stellar.org/docs/data/apis/rpc/api-reference/methods
 */
export interface SorobanRpc {
  getLatestLedger(): Promise<LatestLedgerAnswer>;
  getTransaction(hash: string): Promise<TransactionAnswer>;
  sendTransaction(envelopeXdr: string): Promise<SendAnswer>;
  simulateTransaction(envelopeXdr: string): Promise<SimulationAnswer>;
  getLedgerEntries(keysXdr: readonly string[]): Promise<LedgerEntriesAnswer>;
  getFeeStats(): Promise<FeeStatsAnswer>;
  getEvents(request: EventsRequest): Promise<EventsAnswer>;
}

export interface LatestLedgerAnswer {
  readonly sequence: number;
  /** Seconds since the epoch; absent on old servers. */
  readonly closeTimeS?: number;
}

export interface TransactionAnswer {
  readonly status: "SUCCESS" | "FAILED" | "NOT_FOUND";
  readonly latestLedger: number;
  readonly oldestLedger: number;
  readonly ledger?: number;
  readonly envelopeXdr?: string;
  readonly resultXdr?: string;
  readonly resultMetaXdr?: string;
  readonly diagnosticEventsXdr?: readonly string[];
}

export interface SendAnswer {
  readonly status: "PENDING" | "DUPLICATE" | "TRY_AGAIN_LATER" | "ERROR";
  readonly latestLedger: number;
  readonly errorResultXdr?: string;
}

export interface SimulationAnswer {
  readonly latestLedger: number;
  /** Present when the simulation failed. */
  readonly error?: string;
  readonly events?: readonly string[];
  readonly transactionData?: string;
  readonly minResourceFee?: string;
  readonly results?: readonly { readonly auth?: readonly string[]; readonly xdr: string }[];
  readonly restorePreamble?: { readonly minResourceFee: string; readonly transactionData: string };
}

export interface LedgerEntriesAnswer {
  readonly latestLedger: number;
  readonly entries: readonly { readonly key: string; readonly xdr: string }[];
}

export interface FeeStatsAnswer {
  readonly latestLedger: number;
  /** Inclusion fees of recent Soroban transactions, in stroops. */
  readonly sorobanInclusionFee: {
    readonly p50: string;
    readonly p90: string;
    readonly max: string;
  };
}

export interface EventsRequest {
  readonly contractId: string;
  /** One filter: a base64 SCVal or `*` for each topic. Absent: every event of the contract. */
  readonly topics?: readonly string[];
  readonly startLedger?: number;
  readonly cursor?: string;
  readonly limit: number;
}

export interface ContractEventAnswer {
  /** The place on the chain: TOID and index, equal on every server. */
  readonly id?: string;
  /** RFC 3339; absent on old servers. */
  readonly ledgerClosedAt?: string;
  readonly ledger: number;
  readonly txHash: string;
  readonly contractId: string;
  readonly topic: readonly string[];
  readonly value: string;
  readonly inSuccessfulContractCall?: boolean;
}

export interface EventsAnswer {
  readonly latestLedger: number;
  readonly oldestLedger?: number;
  readonly events: readonly ContractEventAnswer[];
  readonly cursor?: string;
}
