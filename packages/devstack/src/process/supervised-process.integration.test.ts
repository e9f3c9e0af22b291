import { afterEach, describe, expect, it } from "vitest";
import type { StackFailure } from "../stack-failure.ts";
import { startChild } from "./child-process.ts";
import { isAlive } from "./process-identity.ts";
import { SupervisedProcess } from "./supervised-process.ts";

const RUNS_ON = "setInterval(() => {}, 1000)";
const ENDS_AT_ONCE = "process.exit(3)";

describe("a supervised process", () => {
  const supervised: SupervisedProcess[] = [];
  afterEach(async () => {
    await Promise.all(supervised.splice(0).map((process) => process.stop("SIGTERM", 5_000)));
  });

  function supervise(code: () => string) {
    const lines: string[] = [];
    const pids: number[] = [];
    const givenUp = Promise.withResolvers<StackFailure>();
    const supervisedProcess = new SupervisedProcess({
      name: "worker",
      advice: "see its log",
      launch: ({ onSpawned }) =>
        startChild({ name: "worker", file: process.execPath, args: ["-e", code()], onSpawned }),
      say: (line) => lines.push(line),
      onSpawned: (pid) => void pids.push(pid),
      onReady: () => undefined,
      onGivenUp: givenUp.resolve,
    });
    supervised.push(supervisedProcess);
    return { supervisedProcess, lines, pids, givenUp: givenUp.promise };
  }

  it("is started again after kill -9, and both are said", async () => {
    const { supervisedProcess, lines, pids } = supervise(() => RUNS_ON);
    await supervisedProcess.start();
    process.kill(pids[0] ?? 0, "SIGKILL");
    await expect.poll(() => lines).toHaveLength(2);
    expect(pids).toHaveLength(2);
    expect(lines[0]).toBe("worker ended (SIGKILL); starting it again");
    expect(lines[1]).toBe(`worker is back (process ${pids[1]})`);
  });

  it("is given up with a reason when it keeps ending", async () => {
    const { supervisedProcess, givenUp, pids } = supervise(() => ENDS_AT_ONCE);
    await supervisedProcess.start();
    const failure = await givenUp;
    expect(failure.message).toBe("worker ended 5 times within a minute (exit code 3)");
    expect(failure.advice).toBe("see its log");
    expect(pids).toHaveLength(5);
  });

  it("stays ended when it was stopped, also between two starts", async () => {
    const codes = [ENDS_AT_ONCE, RUNS_ON];
    const { supervisedProcess, lines, pids } = supervise(() => codes.shift() ?? RUNS_ON);
    await supervisedProcess.start();
    await expect.poll(() => lines.length).toBeGreaterThan(0);
    await supervisedProcess.stop("SIGTERM", 5_000);
    expect(supervisedProcess.pid).toBeUndefined();
    expect(pids.filter(isAlive)).toEqual([]);
  });
});
