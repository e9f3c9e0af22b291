import { spawn } from "node:child_process";
import { constants } from "node:os";
import { onOrphaned } from "./parents.mjs";

/** A terminal sends Ctrl-C to the child too; a plain `kill` does not, so it is passed on after this. */
const INTERRUPT_DELAY_MS = 300;

/**
 * Runs one step to its end and gives its exit code (128 + n when signal n ended it). Signals that
 * reach this process are the step's to answer.
 */
export function runStep({ root, env, node }, step) {
  const [program, ...args] = step.command;
  return new Promise((resolve) => {
    const child = spawn(program === "node" ? node : program, args, {
      cwd: root,
      env: { ...env, ...step.env },
      stdio: "inherit",
    });
    const release = forwardSignals(child);
    child.once("error", (error) => {
      release();
      console.error(`orrery: ${program} cannot be run: ${error.message}`);
      resolve(127);
    });
    child.once("close", (code, signal) => {
      release();
      resolve(signal === null ? code : 128 + constants.signals[signal]);
    });
  });
}

function forwardSignals(child) {
  const passOn = (signal) => child.kill(signal);
  const passOnLater = (signal) => setTimeout(passOn, INTERRUPT_DELAY_MS, signal).unref();
  process.on("SIGINT", passOnLater);
  process.on("SIGTERM", passOn);
  process.on("SIGHUP", passOn);
  const stopWatching = onOrphaned(() => passOn("SIGTERM"));
  return () => {
    stopWatching();
    process.off("SIGINT", passOnLater);
    process.off("SIGTERM", passOn);
    process.off("SIGHUP", passOn);
  };
}
