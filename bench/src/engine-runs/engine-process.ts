import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { BenchContext } from "../harness/bench.ts";
import type { EngineMessage, EngineOrder, EnginePlan, EngineReport } from "./engine-plan.ts";

const ENTRY = fileURLToPath(new URL("engine-main.ts", import.meta.url));

/** An engine in a process of its own. */
export interface EngineProcess {
  /** Gives it a backlog and waits until all of it is resolved. One order at a time. */
  carryOut(order: EngineOrder): Promise<EngineReport>;
}

/** Starts the process and lets it make its channel accounts. */
export async function startEngineProcess(
  { cleanup, say }: BenchContext,
  plan: EnginePlan,
): Promise<EngineProcess> {
  const child = fork(ENTRY, [JSON.stringify(plan)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  cleanup.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  });
  const carryOut = async (order: EngineOrder) => {
    const ended = new AbortController();
    const answer = once(child, "message", { signal: ended.signal });
    child.once("exit", () => ended.abort(new Error(`the engine ${plan.name} ended`)));
    child.send(order);
    const [message] = (await answer) as [EngineMessage];
    if ("failure" in message) throw new Error(`the engine ${plan.name}: ${message.failure}`);
    return message.report;
  };
  await carryOut({ label: "channels", vaults: 0, chargesPerVault: 0 });
  say(`the engine ${plan.name} has its ${plan.channels} channels`);
  return { carryOut };
}

/** @throws {Error} unless every charge of the order was confirmed */
export function assertAllConfirmed({ states }: EngineReport, order: EngineOrder): void {
  const wanted = order.vaults * order.chargesPerVault;
  if (states.confirmed !== wanted) {
    throw new Error(`${JSON.stringify(states)} where ${wanted} were to be confirmed`);
  }
}
