import { setTimeout as delay } from "node:timers/promises";
import { BurningLoad } from "./burning-load.ts";
import { ChaosStack } from "./chaos-stack.ts";
import { ChargingLoad } from "./charging-load.ts";
import { Consumer } from "./consumer.ts";
import { Diary, type FaultSummary } from "./diary.ts";
import { type Fault, faultsFor } from "./faults.ts";
import { type Footprints, footprints, growth } from "./footprint.ts";
import {
  balanceOf,
  burnDifferences,
  chargeDifferences,
  findUnsettled,
  type Invariant,
} from "./invariants.ts";

export interface ChaosOptions {
  /** Every fault comes once, and again in another order until so much time has gone. */
  readonly minutes: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface ChaosReport {
  readonly seconds: number;
  readonly calls: number;
  readonly charges: number;
  readonly burns: number;
  readonly faults: readonly FaultSummary[];
  readonly before: Footprints;
  readonly after: Footprints;
  readonly invariants: readonly Invariant[];
}

/** How long a fault is held the first time; later rounds hold it longer, past every time-out in turn. */
const HOLD_MS = 2_000;
const LONGEST_HOLDS = 6;
/** Longer than what a fault excuses afterwards, so that calls fall on calm as well. */
const CALM_MS = 6_000;
const TOKEN = "chaos-token";

/** Runs the whole stack under load through one fault after the other, and checks what it promised. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const stack = await ChaosStack.start(options.say);
  let hasGivenUp: Error | undefined;
  void stack.givenUp.then((error) => {
    hasGivenUp = error;
  });
  try {
    const run = new ChaosRun(stack, options);
    await run.begin();
    await run.strikeAll(() => {
      if (hasGivenUp !== undefined) throw hasGivenUp;
    });
    return await run.finish();
  } finally {
    await stack.stop();
  }
}

class ChaosRun {
  readonly #stack: ChaosStack;
  readonly #options: ChaosOptions;
  readonly #diary = new Diary();
  readonly #consumers: readonly Consumer[];
  readonly #charging: ChargingLoad;
  readonly #burning: BurningLoad;
  readonly #startedMs = performance.now();
  #balances: ReadonlyMap<Consumer, bigint> = new Map();
  #before: Footprints = {};

  constructor(stack: ChaosStack, options: ChaosOptions) {
    this.#stack = stack;
    this.#options = options;
    const { gatewayUrl, tenants } = stack.demo();
    this.#consumers = tenants.map((tenant) => new Consumer(gatewayUrl, tenant, this.#diary));
    this.#charging = new ChargingLoad(this.#consumers);
    // The demo's own activity burns tokens of the first tenant.
    const last = this.#consumers.at(-1);
    if (last === undefined) throw new Error("the demo has no tenants");
    this.#burning = new BurningLoad(last, TOKEN);
  }

  async begin(): Promise<void> {
    const { ledgerUrl } = this.#stack.demo();
    this.#balances = new Map(
      await Promise.all(
        this.#consumers.map(
          async (consumer) => [consumer, await balanceOf(ledgerUrl, consumer)] as const,
        ),
      ),
    );
    this.#charging.start();
    await this.#burning.start();
    await delay(CALM_MS);
    this.#before = await footprints((name) => this.#stack.pidOf(name));
  }

  async strikeAll(assertAlive: () => void): Promise<void> {
    const { minutes, seed } = this.#options;
    const endMs = this.#startedMs + minutes * 60_000;
    const faults = faultsFor(this.#stack);
    let round = 0;
    do {
      for (const fault of shuffled(faults, seed + round)) {
        await this.#strike(fault, HOLD_MS * (1 + (round % LONGEST_HOLDS)));
        assertAlive();
        if (round > 0 && performance.now() > endMs) break;
      }
      round += 1;
    } while (performance.now() < endMs);
  }

  async #strike({ name, strike }: Fault, holdMs: number): Promise<void> {
    const fromMs = performance.now();
    await strike(this.#stack, holdMs);
    const toMs = performance.now();
    this.#diary.fault({ name, fromMs, toMs });
    const seconds = ((toMs - fromMs) / 1_000).toFixed(1);
    this.#options.say(`${name.padEnd(44)} ${seconds} s`);
    await delay(CALM_MS);
  }

  async finish(): Promise<ChaosReport> {
    const { ledgerUrl } = this.#stack.demo();
    await Promise.all([this.#charging.stop(), this.#burning.stop()]);
    const unsettled = await findUnsettled(this.#charging);
    const differences = await chargeDifferences(ledgerUrl, this.#charging, this.#balances);
    const burns = await burnDifferences(this.#burning);
    const after = await footprints((name) => this.#stack.pidOf(name));
    return {
      seconds: Math.round((performance.now() - this.#startedMs) / 1_000),
      calls: this.#diary.calls,
      charges: this.#charging.asked.length,
      burns: this.#burning.burns,
      faults: this.#diary.summaries(),
      before: this.#before,
      after,
      invariants: [
        { name: "every charge is made once, to the stroop", violations: differences },
        { name: "nothing stays pending", violations: unsettled },
        {
          name: "what was acknowledged is found, as its own tenant's",
          violations: this.#charging.violations,
        },
        { name: "every burn counts once, and is on the board at once", violations: burns },
        {
          name: "no call fails but within a fault and 5 s after it",
          violations: this.#diary.unexplained(),
        },
        { name: "memory and open files are as before", violations: growth(this.#before, after) },
      ],
    };
  }
}

/** The same order for the same seed. */
function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  let state = (seed + 1) >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return items
    .map((item) => ({ item, key: next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
