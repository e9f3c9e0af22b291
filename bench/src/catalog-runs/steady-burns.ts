import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { SteadyBurnsPlan, SteadyBurnsReport } from "./steady-burns-plan.ts";

const ENTRY = fileURLToPath(new URL("steady-burns-main.ts", import.meta.url));

/** Runs `work` while burns arrive from a process of their own. */
export async function withSteadyBurns<Result>(
  plan: SteadyBurnsPlan,
  work: () => Promise<Result>,
): Promise<{ result: Result; report: SteadyBurnsReport }> {
  const child = fork(ENTRY, [JSON.stringify(plan)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  try {
    await once(child, "spawn");
    const result = await work();
    const answer = Promise.race([once(child, "message"), exited]);
    child.send("stop");
    const [report] = (await answer) as [SteadyBurnsReport | number | null];
    if (report === null || typeof report === "number") throw new Error("the burns ended early");
    return { result, report };
  } finally {
    child.kill("SIGKILL");
    await exited;
    process.off("exit", killAtExit);
  }
}
