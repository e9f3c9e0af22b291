import { readFileSync } from "node:fs";

const INTERVAL_MS = 250;

/** Whether npm started this process: `npm` → `sh -c` → this. */
const IS_UNDER_NPM = process.env.npm_lifecycle_event !== undefined;

/**
 * Calls `stop` when npm, or the shell between it and this process, has ended: a signal to npm alone
 * ends those two and never reaches this process. Gives the function that ends the watch.
 */
export function onOrphaned(stop) {
  if (!IS_UNDER_NPM) return () => undefined;
  const parents = describeParents();
  const timer = setInterval(() => {
    if (describeParents() === parents) return;
    clearInterval(timer);
    stop();
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function describeParents() {
  return `${process.ppid} ${findParentOf(process.ppid) ?? ""}`;
}

/** The parent's own parent, where /proc tells it. */
function findParentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
  } catch {
    return undefined;
  }
}
