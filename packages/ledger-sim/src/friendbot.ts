import { Account, Keypair, Operation, StrKey, TransactionBuilder } from "@stellar/stellar-sdk";
import { findAccount } from "./entries/ledger-state.ts";
import type { ClosedLedger, TransactionRecord } from "./ledger/history.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { LedgerDriver } from "./methods/method.ts";
import { decodeEnvelope } from "./transactions/envelope.ts";

export interface FriendbotAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Wish {
  readonly accountId: string;
  readonly resolve: (answer: FriendbotAnswer) => void;
}

/** Lumens that an account is created with. */
const GIFT_LUMENS = "10000";
const MOST_GIFTS_AT_ONCE = 100;

/** The account that pays: the network's master key, as on a network of one's own. */
export function friendbotAccountId(passphrase: string): string {
  return Keypair.master(passphrase).publicKey();
}

/** Creates accounts by real transactions of the master account, several in one. */
export class Friendbot {
  readonly #ledger: Ledger;
  readonly #master: Keypair;
  /** Present when ledgers close only by hand: a wish then closes one. */
  readonly #driver: LedgerDriver | undefined;
  #waiting: Wish[] = [];
  #sent:
    | { readonly hash: string; readonly wishes: readonly Wish[]; readonly ledger: number }
    | undefined;

  constructor(ledger: Ledger, driver: LedgerDriver | undefined) {
    this.#ledger = ledger;
    this.#driver = driver;
    this.#master = Keypair.master(ledger.settings.passphrase);
    ledger.onClosed((closed) => this.#settle(closed));
  }

  /** Creates the account; resolves when the ledger that holds it has closed. */
  fund(accountId: string): Promise<FriendbotAnswer> {
    if (!StrKey.isValidEd25519PublicKey(accountId)) {
      return Promise.resolve(refusal(400, "addr must be an account (G…)"));
    }
    return new Promise((resolve) => {
      this.#waiting.push({ accountId, resolve });
      this.#send();
    });
  }

  #send(): void {
    if (this.#sent) return;
    const state = this.#ledger.view().state;
    const wishes: Wish[] = [];
    const later: Wish[] = [];
    for (const wish of this.#waiting) {
      if (findAccount(state, wish.accountId)) {
        wish.resolve(refusal(400, "account already funded: createAccountAlreadyExist"));
      } else if (
        wishes.length < MOST_GIFTS_AT_ONCE &&
        !wishes.some(({ accountId }) => accountId === wish.accountId)
      ) {
        wishes.push(wish);
      } else later.push(wish);
    }
    this.#waiting = later;
    if (wishes.length > 0) this.#submit(wishes);
  }

  #submit(wishes: readonly Wish[]): void {
    const envelope = this.#build(wishes);
    const submission = this.#ledger.submit(decodeEnvelope(envelope, this.#ledger.networkId));
    if (submission.status !== "PENDING") {
      for (const { resolve } of wishes) resolve(refusal(503, `not accepted: ${submission.status}`));
      return;
    }
    this.#sent = { hash: submission.tx.hash, wishes, ledger: this.#ledger.latest.sequence };
    this.#driver?.closeNow(1);
  }

  #build(wishes: readonly Wish[]): string {
    const master = this.#master.publicKey();
    const account = findAccount(this.#ledger.view().state, master);
    if (!account) throw new Error("the network has no master account");
    const { baseFeeStroops, passphrase } = this.#ledger.settings;
    const builder = new TransactionBuilder(new Account(master, account.sequence.toString()), {
      fee: String(baseFeeStroops),
      networkPassphrase: passphrase,
    }).setTimeout(0);
    for (const { accountId } of wishes) {
      builder.addOperation(
        Operation.createAccount({ destination: accountId, startingBalance: GIFT_LUMENS }),
      );
    }
    const transaction = builder.build();
    transaction.sign(this.#master);
    return transaction.toXdr();
  }

  #settle(closed: ClosedLedger): void {
    const sent = this.#sent;
    if (!sent) return;
    const record = closed.transactions.find(({ hash }) => hash === sent.hash);
    const waited = closed.ledger.sequence - sent.ledger;
    if (!record && waited < this.#ledger.settings.pendingDepthLedgers) return;
    this.#sent = undefined;
    const answer = record ? describe(record) : refusal(504, "the transaction was dropped");
    for (const { resolve } of sent.wishes) resolve(answer);
    this.#send();
  }
}

function describe(record: TransactionRecord): FriendbotAnswer {
  if (!record.isSuccess) return refusal(400, "the transaction failed");
  return {
    status: 200,
    body: {
      successful: true,
      hash: record.hash,
      ledger: record.ledger,
      envelope_xdr: record.envelopeXdr,
      result_xdr: record.resultXdr,
      result_meta_xdr: record.resultMetaXdr,
    },
  };
}

function refusal(status: number, detail: string): FriendbotAnswer {
  return { status, body: { status, detail } };
}
