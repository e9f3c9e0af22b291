import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { TASKS } from "../tasks.mjs";
import { cleanEnvironment } from "./environment.mjs";
import { SetupFailure, showFailure } from "./failure.mjs";
import { assertWritable, installPackages } from "./install.mjs";
import { findProjectNode } from "./project-node.mjs";
import { runReported } from "./report.mjs";
import { runStep } from "./step.mjs";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Sets the project up, runs the task that `args` names and sets the exit code. */
export async function runTask(args) {
  try {
    const [name, ...rest] = args;
    const task = findTask(name);
    const env = cleanEnvironment(ROOT);
    await installPackages(ROOT, env);
    if (task.isReported) assertWritable(ROOT);
    const context = { root: ROOT, env, node: findProjectNode(ROOT) };
    const steps = withArguments(task.steps, rest[0] === "--" ? rest.slice(1) : rest);
    process.exitCode = task.isReported
      ? await runReported(context, steps)
      : await runInOrder(context, steps);
  } catch (error) {
    showFailure(error);
    process.exitCode = 1;
  }
}

function findTask(name) {
  if (name !== undefined && Object.hasOwn(TASKS, name)) return TASKS[name];
  const lines = Object.entries(TASKS).map(([key, { about }]) => `${key.padEnd(18)}${about}`);
  throw new SetupFailure(
    name === undefined ? "no task was named" : `there is no task "${name}"`,
    `npm run <task>, with one of\n    ${lines.join("\n    ")}`,
  );
}

function withArguments(steps, args) {
  return steps.map((step, index) =>
    index === steps.length - 1 ? { ...step, command: [...step.command, ...args] } : step,
  );
}

async function runInOrder(context, steps) {
  for (const step of steps) {
    const code = await runStep(context, step);
    if (code !== 0) return code;
  }
  return 0;
}
