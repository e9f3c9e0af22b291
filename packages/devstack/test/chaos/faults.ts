import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Dependency } from "../../src/stack/start-stack.ts";
import type { ChaosStack } from "./chaos-stack.ts";
import { clearFaults, setFaults } from "./ledger-faults.ts";
import type { TcpProxy } from "./tcp-proxy.ts";

/** One thing that goes wrong, and is right again when `strike` resolves. */
export interface Fault {
  readonly name: string;
  readonly strike: (stack: ChaosStack, holdMs: number) => Promise<void>;
}

/** A process that was killed must serve again within this time. */
const BACK_MS = 45_000;
const SLOW_MS = 80;

const killed = (name: string): Fault => ({
  name: `${name} is killed`,
  strike: (stack) => stack.kill(name, BACK_MS),
});

/** Redis loses all that it held with the process. */
const emptied: Fault = {
  name: "redis is killed and comes back empty",
  strike: async (stack) => {
    await rm(join(stack.redisFolder, "appendonlydir"), { recursive: true, force: true });
    await stack.kill("redis", BACK_MS);
  },
};

/** The process is there, its connections stand, and it answers nothing. */
const frozen = (name: string): Fault => ({
  name: `${name} is frozen`,
  strike: async (stack, holdMs) => {
    const pid = stack.pidOf(name);
    if (pid === undefined) throw new Error(`no ${name} runs`);
    process.kill(pid, "SIGSTOP");
    try {
      await delay(holdMs);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await stack.untilReady(BACK_MS);
  },
});

const network = (
  dependency: Dependency,
  what: string,
  spoil: (proxy: TcpProxy) => void,
): Fault => ({
  name: `the network to the ${dependency} is ${what}`,
  strike: async (stack, holdMs) => {
    const proxy = stack.weather.before(dependency);
    spoil(proxy);
    try {
      await delay(holdMs);
    } finally {
      proxy.heal();
    }
    await stack.untilReady(BACK_MS);
  },
});

/** What the network answers, or does with what it is sent; see `sim_setFaults`. */
const chain = (name: string, faults: object): Fault => ({
  name: `the chain ${name}`,
  strike: async (stack, holdMs) => {
    const { ledgerUrl } = stack.demo();
    await setFaults(ledgerUrl, faults);
    try {
      await delay(holdMs);
    } finally {
      await clearFaults(ledgerUrl);
    }
    await stack.untilReady(BACK_MS);
  },
});

const DEPENDENCIES: readonly Dependency[] = ["database", "redis", "ledger"];

/** Every fault there is; those of Redis only where there is one. */
export function faultsFor(stack: ChaosStack): readonly Fault[] {
  const hasRedis = stack.weather.has("redis");
  const processes = ["gateway", "billing", "catalog", "postgres", "ledger"];
  return [
    ...[...processes, ...(hasRedis ? ["redis"] : [])].map(killed),
    ...(hasRedis ? [emptied, frozen("redis")] : []),
    frozen("billing"),
    frozen("catalog"),
    ...DEPENDENCIES.filter((dependency) => stack.weather.has(dependency)).flatMap((dependency) => [
      network(dependency, "slow", (proxy) => proxy.slow(SLOW_MS)),
      network(dependency, "cut", (proxy) => proxy.cut()),
      network(dependency, "half-open", (proxy) => proxy.halfOpen()),
    ]),
    chain("answers slowly", { delayMs: 1_500 }),
    chain("answers 503", { httpStatus: 503, probability: 0.7 }),
    chain("answers with errors", {
      rpcError: { code: -32_603, message: "internal error" },
      probability: 0.5,
    }),
    chain("loses transactions", {
      lostBeforeAccept: 10,
      lostAfterAccept: 10,
      dropTransactions: 10,
    }),
    chain("tells of old ledgers", { staleReads: 40, notFoundRace: 20, reorderedLedgers: 3 }),
    chain("is full", { tryAgainLater: 20, slowLedgers: 3 }),
  ];
}
