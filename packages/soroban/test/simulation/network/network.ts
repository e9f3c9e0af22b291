import type { ClosedLedger } from "@orrery/ledger-sim/ledger/history";
import { networkSettings } from "@orrery/ledger-sim/ledger/network-settings";
import { Simulator } from "@orrery/ledger-sim/simulator";
import type { FeeStatsAnswer } from "../../../src/rpc/soroban-rpc.ts";
import type { Signer } from "../../../src/signing/signer.ts";
import type { Scheduler } from "../clockwork/scheduler.ts";
import type { SeededRandom } from "../clockwork/seeded-random.ts";
import type { Trace } from "../clockwork/trace.ts";
import type { FaultName, FaultPlan } from "../faults.ts";
import { useSequence } from "./stranger.ts";

export const LEDGER_MS = 5_000;
const NODE_COUNT = 3;
/** What others bid in a surge: some of it is above what the engine may bid. */
const SURGE_FEES_STROOPS = [500, 20_000, 700_000, 5_000_000];
const GENESIS_STROOPS = 1_000_000_000_000_000n;

/** One RPC server in front of the ledger. */
export interface Node {
  readonly name: string;
  downUntilMs: number;
  lagsUntilMs: number;
}

export interface NetworkOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly plan: FaultPlan;
  readonly trace: Trace;
  readonly passphrase: string;
  readonly vaultCaller: string;
  /** How many ledgers can be read back; undefined for more than a run has. */
  readonly retentionLedgers: number | undefined;
  /** The channel accounts, which strangers may use too. */
  readonly channelSigners: readonly Signer[];
  /** Accounts that are there before anything begins. */
  readonly accountIds: readonly string[];
  readonly onClosed: (closed: ClosedLedger) => void;
}

/** The simulated chain in virtual time, behind a few RPC nodes. */
export class Network {
  readonly simulator: Simulator;
  readonly nodes: readonly Node[];
  readonly #options: NetworkOptions;
  #surgeEndsLedger = 0;
  #surgeFeeStroops = 0;
  #isArchiving = false;

  constructor(options: NetworkOptions) {
    this.#options = options;
    const { scheduler, random, passphrase, vaultCaller, retentionLedgers } = options;
    const settings = networkSettings(passphrase, {
      bansAppliedHashes: random.chance(0.5),
      ...(retentionLedgers !== undefined && { retentionLedgers }),
    });
    const room = () => this.#roomInLedger(settings.ledgerLimits.transactions);
    this.simulator = new Simulator({
      settings: {
        ...settings,
        ledgerLimits: {
          ...settings.ledgerLimits,
          get transactions() {
            return room();
          },
        },
      },
      clock: scheduler.now,
      random: random.split("simulator").next,
      vaultCaller,
      reached: { friendbotUrl: "" },
      driver: { closeNow: () => this.#close() },
    });
    this.simulator.ledger.begin({
      accountIds: options.accountIds,
      balanceStroops: GENESIS_STROOPS,
    });
    this.nodes = Array.from({ length: NODE_COUNT }, (_, index) => ({
      name: `rpc${index}`,
      downUntilMs: 0,
      lagsUntilMs: 0,
    }));
  }

  get latestLedger(): number {
    return this.simulator.ledger.latest.sequence;
  }

  /** Ledgers close from now on. */
  begin(): void {
    const { scheduler, plan, random } = this.#options;
    const delayMs = plan.strikes("slow-ledgers")
      ? LEDGER_MS * random.between(2, 6)
      : LEDGER_MS + random.between(-500, 500);
    scheduler.after(delayMs, () => {
      this.#close();
      this.#troubleNodes();
      if (plan.strikes("strangers")) void this.#intrude();
      this.begin();
    });
  }

  /** Everything works from now on. */
  heal(): void {
    for (const node of this.nodes) {
      node.downUntilMs = 0;
      node.lagsUntilMs = 0;
    }
    this.#surgeEndsLedger = 0;
    this.simulator.faults.clear();
  }

  #close(): void {
    const { plan, trace, onClosed } = this.#options;
    const { ledger, faults } = this.simulator;
    const isReordered = plan.strikes("reordered-ledgers");
    this.#isArchiving = plan.strikes("archived-entries");
    faults.change({
      counters: {
        reorderedLedgers: isReordered ? 1 : 0,
        archivedEntries: this.#isArchiving ? 1 : 0,
      },
      callFault: undefined,
    });
    this.#beginSurge();
    const closed = ledger.close();
    const { transactions } = closed;
    const hashes = transactions.map(
      ({ hash, isSuccess }) => `${isSuccess ? "+" : "-"}${hash.slice(0, 8)}`,
    );
    trace.note("ledger", `${closed.ledger.sequence} applied ${hashes.join(" ") || "nothing"}`);
    onClosed(closed);
  }

  async #intrude(): Promise<void> {
    const { random, trace, channelSigners, vaultCaller } = this.#options;
    const signer = random.pick(channelSigners);
    const said = await useSequence(this.simulator.ledger, signer, vaultCaller);
    trace.note("stranger", `uses ${signer.publicKey.slice(0, 6)}: ${said ?? "no such account"}`);
  }

  /** What the network says about fees: in a surge most of others pay this much. */
  feesOf(answer: FeeStatsAnswer): FeeStatsAnswer {
    if (this.latestLedger >= this.#surgeEndsLedger) return answer;
    const fee = String(this.#surgeFeeStroops);
    return { ...answer, sorobanInclusionFee: { p50: fee, p90: fee, max: fee } };
  }

  #beginSurge(): void {
    const { plan, random, trace } = this.#options;
    if (this.latestLedger < this.#surgeEndsLedger || !plan.strikes("fee-surges")) return;
    this.#surgeEndsLedger = this.latestLedger + random.between(2, 12);
    this.#surgeFeeStroops = random.pick(SURGE_FEES_STROOPS);
    const surge = `until ${this.#surgeEndsLedger} for ${this.#surgeFeeStroops} stroops`;
    trace.note("ledger", `others fill it ${surge}`);
  }

  /** How many contract calls of ours the next ledger has room for. */
  #roomInLedger(normal: number): number {
    if (this.latestLedger >= this.#surgeEndsLedger) return normal;
    return this.#options.random.between(0, 2);
  }

  #troubleNodes(): void {
    const { plan, random, scheduler, trace } = this.#options;
    for (const node of this.nodes) {
      const untilMs = scheduler.now() + random.between(1, 8) * LEDGER_MS;
      const troubles = [
        ["rpc-outages", "downUntilMs"],
        ["stale-reads", "lagsUntilMs"],
      ] as const satisfies readonly (readonly [FaultName, keyof Node])[];
      for (const [fault, field] of troubles) {
        if (!plan.strikes(fault)) continue;
        node[field] = untilMs;
        trace.note(node.name, `${fault} begin`);
      }
    }
  }
}
