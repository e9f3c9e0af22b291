#!/usr/bin/env node
// The entry of every npm script: `node scripts/run.mjs <task> [arguments]`. It needs nothing
// installed, installs what the lockfile names, and runs the task under the project's own Node.
// Only syntax that very old Nodes parse stands here, so that they reach the message below.

const OLDEST_NODE_MAJOR = 20;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE_MAJOR) {
  console.error(`Orrery needs Node ${OLDEST_NODE_MAJOR} or newer; this is ${process.version}.`);
  console.error("  → install a current Node from https://nodejs.org and try again");
  process.exitCode = 1;
} else {
  void import("./run/run-task.mjs").then(({ runTask }) => runTask(process.argv.slice(2)));
}
