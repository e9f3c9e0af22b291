import { ConfigError } from "@orrery/common/config/env";
import { readDevstackConfig, readEnvironment } from "./config.ts";
import { printWelcome } from "./demo/welcome.ts";
import { createProgress } from "./stack/progress.ts";
import { PROJECT_ROOT } from "./stack/project-root.ts";
import { startStack } from "./stack/start-stack.ts";
import { describeFailure } from "./stack-failure.ts";
import { onStopSignal } from "./stop-signal.ts";

/** Runs the stack until a signal, or until one of its processes was given up; gives the exit code. */
async function main(): Promise<number> {
  const startMs = performance.now();
  const progress = createProgress((line) => console.log(line));
  const stopSignal = onStopSignal();
  const env = readEnvironment(PROJECT_ROOT);
  const config = readDevstackConfig(env);
  const isWatching = process.argv.includes("--watch");
  const { signal } = stopSignal;
  const stack = await startStack({ config, env, progress, isWatching, signal }).catch(
    (error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    },
  );
  if (!stack) {
    progress.say("stopped before it was ready");
    return 0;
  }
  printWelcome(stack.demo(), stack.dataDir.root, startMs, progress.say);

  const failure = await Promise.race([stack.givenUp, stopSignal.received]);
  if (failure) progress.say(describeFailure(failure));
  progress.say("stopping");
  await stack.stop();
  progress.say("stopped; npm start goes on with the same data");
  return failure ? 1 : 0;
}

// Whoever reads the output may go away (`npm start | head`): that is no reason to leave processes behind.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : describeFailure(error));
  process.exitCode = 1;
}
