import { Keypair, xdr } from "@stellar/stellar-sdk/base";
import type { Attempt } from "../../../src/intent/attempt.ts";
import type { LeaseToken, SubmissionJournal } from "../../../src/journal/submission-journal.ts";
import { RpcError } from "../../../src/rpc/rpc-error.ts";
import type { LedgerEntriesAnswer, SorobanRpc } from "../../../src/rpc/soroban-rpc.ts";
import type { SeededRandom } from "../clockwork/seeded-random.ts";
import { LEDGER_MS } from "../network/network.ts";
import type { Deceit } from "../workload/guards.ts";
import type { Change } from "./variant.ts";

type Prepared = Pick<Attempt, "attemptId" | "channelPublicKey" | "hashes" | "replacedHashes"> &
  Pick<Attempt, "sequence" | "maxLedger" | "preparedAtMs" | "ledgerAtBuild">;

const SHARE_OF_HASTE = 0.2;
/** An intent whose attempts all die would never end. */
const MOST_REPLACED = 2;
/** Enough for two polls; after that the truth comes out, for those who still ask. */
const MOST_TOLD = 4;

/** Wraps each engine's journal, to know the attempts, and its network, to tell lies about them. */
export function deceive(deceit: Deceit, random: SeededRandom): Change {
  const lies = new Lies(deceit, random);
  return (parts, clock) => ({
    ...parts,
    journal: lies.overhear(parts.journal),
    rpc: lies.distort(parts.rpc, clock),
  });
}

/** What is said of the ledger's progress is believed: lies on top of lies would stop the engine. */
const MOST_AHEAD_LEDGERS = 12;

/** All engines of a run are told the same: a lie that a crash brought to light would be no lie. */
class Lies {
  readonly #deceit: Deceit;
  readonly #random: SeededRandom;
  /** The newest attempt that a hash belongs to, or that replaces it. */
  readonly #byHash = new Map<string, Prepared>();
  readonly #byId = new Map<string, Prepared>();
  readonly #condemned = new Set<Prepared>();
  #latestLedger = 0;
  readonly #told = new Map<string, number>();
  /** Dead in the journal and not rebuilt yet, by the key of its channel's ledger entry. */
  readonly #dead = new Map<string, Prepared>();

  constructor(deceit: Deceit, random: SeededRandom) {
    this.#deceit = deceit;
    this.#random = random;
  }

  overhear(journal: SubmissionJournal): SubmissionJournal {
    const prepare: SubmissionJournal["prepare"] = async (token, attempt, ...rest) => {
      const isDone = await journal.prepare(token, attempt, ...rest);
      if (isDone) this.#prepared(attempt);
      return isDone;
    };
    const markDead: SubmissionJournal["markDead"] = async (token: LeaseToken, ...rest) => {
      const attempt = this.#byId.get(token.attemptId ?? "");
      // Before the call: it may be committed without being told.
      if (attempt !== undefined) this.#dead.set(accountKey(attempt.channelPublicKey), attempt);
      return journal.markDead(token, ...rest);
    };
    return withMethods(journal, { prepare, markDead });
  }

  distort(rpc: SorobanRpc, clock: () => number): SorobanRpc {
    return {
      ...rpc,
      getTransaction: async (hash) => {
        const answer = await rpc.getTransaction(hash);
        const attempt = this.#byHash.get(hash);
        this.#latestLedger = Math.max(this.#latestLedger, answer.latestLedger);
        if (attempt === undefined || !this.#isCondemned(attempt, clock)) return answer;
        const told = (this.#told.get(hash) ?? 0) + 1;
        this.#told.set(hash, told);
        if (told > MOST_TOLD) return answer;
        const latestLedger = Math.max(answer.latestLedger, attempt.maxLedger + 2);
        return { status: "NOT_FOUND", latestLedger, oldestLedger: 1 };
      },
      sendTransaction: async (envelopeXdr) => {
        try {
          return await rpc.sendTransaction(envelopeXdr);
        } catch (error) {
          if (error instanceof RpcError) this.#unanswered(envelopeXdr);
          throw error;
        }
      },
      simulateTransaction: async (envelopeXdr) => {
        const answer = await rpc.simulateTransaction(envelopeXdr);
        // Of markers alone: no node answers for a charge from a state that is older than it says.
        if (!isMarkerReading(envelopeXdr)) return answer;
        const bounds = [...this.#condemned].map(({ maxLedger }) => maxLedger);
        return { ...answer, latestLedger: Math.max(answer.latestLedger, ...bounds) };
      },
      getLedgerEntries: async (keys) => {
        const answer = await rpc.getLedgerEntries(keys);
        const [key] = keys;
        const attempt = keys.length === 1 && key !== undefined ? this.#dead.get(key) : undefined;
        return attempt === undefined ? answer : this.#accountOf(attempt, answer);
      },
    };
  }

  #prepared(attempt: Prepared): void {
    const { hashes, replacedHashes, channelPublicKey, attemptId } = attempt;
    this.#byId.set(attemptId, attempt);
    this.#dead.delete(accountKey(channelPublicKey));
    for (const hash of [...hashes.map((each) => each.hash), ...replacedHashes]) {
      const before = this.#byHash.get(hash);
      if (before !== undefined) {
        this.#condemned.delete(before);
        this.#dead.delete(accountKey(before.channelPublicKey));
      }
      this.#byHash.set(hash, attempt);
    }
    const isHasty = this.#deceit.hastyAbout === "some";
    if (isHasty && this.#random.chance(SHARE_OF_HASTE)) this.#condemn(attempt);
  }

  #unanswered(envelopeXdr: string): void {
    if (this.#deceit.hastyAbout !== "unanswered") return;
    for (const attempt of this.#byId.values()) {
      if (attempt.hashes.some((each) => each.envelopeXdr === envelopeXdr)) this.#condemn(attempt);
    }
  }

  #isCondemned(attempt: Prepared, clock: () => number): boolean {
    if (this.#deceit.hastyAbout === "old-by-clock") {
      const lifeMs = (attempt.maxLedger - attempt.ledgerAtBuild) * LEDGER_MS;
      if (clock() - attempt.preparedAtMs > lifeMs) this.#condemn(attempt);
    }
    return this.#condemned.has(attempt);
  }

  #condemn(attempt: Prepared): void {
    const isInReach = attempt.maxLedger <= this.#latestLedger + MOST_AHEAD_LEDGERS;
    const isYoung = attempt.replacedHashes.length < MOST_REPLACED;
    if (isInReach && isYoung) this.#condemned.add(attempt);
  }

  #accountOf(attempt: Prepared, answer: LedgerEntriesAnswer): LedgerEntriesAnswer {
    const { sequence, channelPublicKey, maxLedger } = attempt;
    // A lie told for ever would keep a channel off its account's real sequence for ever.
    const isYoung = attempt.replacedHashes.length < MOST_REPLACED;
    const isFresh = isYoung && this.#deceit.rebuildsOn === "fresh-sequence";
    if (!isFresh && !this.#condemned.has(attempt)) return answer;
    const key = accountKey(channelPublicKey);
    const entry = accountEntry(channelPublicKey, isFresh ? sequence : sequence - 1n);
    const latestLedger = Math.max(answer.latestLedger, maxLedger);
    return { latestLedger, entries: [{ key, xdr: entry.toXdr("base64") }] };
  }
}

function isMarkerReading(envelopeXdr: string): boolean {
  return Buffer.from(envelopeXdr, "base64").includes("is_request_processed");
}

/** The same object with some of its methods replaced. */
export function withMethods<Port extends object>(port: Port, methods: Partial<Port>): Port {
  return new Proxy(port, {
    get: (target, name) => Reflect.get(methods, name) ?? Reflect.get(target, name),
  });
}

function accountKey(publicKey: string): string {
  const accountId = Keypair.fromPublicKey(publicKey).xdrAccountId();
  return xdr.LedgerKey.account(new xdr.LedgerKeyAccount({ accountId })).toXdr("base64");
}

function accountEntry(publicKey: string, sequence: bigint): xdr.LedgerEntryData {
  return xdr.LedgerEntryData.account(
    new xdr.AccountEntry({
      accountId: Keypair.fromPublicKey(publicKey).xdrAccountId(),
      balance: 100_000_000n,
      seqNum: sequence,
      numSubEntries: 0,
      inflationDest: null,
      flags: 0,
      homeDomain: "",
      thresholds: Uint8Array.of(1, 0, 0, 0),
      signers: [],
      ext: xdr.AccountEntryExt.v0(),
    }),
  );
}
