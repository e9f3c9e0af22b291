import { setTimeout as delay } from "node:timers/promises";
import { afterAll } from "vitest";

/** What keeps a process alive when a test file forgets it. */
const KINDS = new Set(["TCPSocketWrap", "TCPServerWrap", "ProcessWrap", "FSEventWrap", "Timeout"]);
/** How long what is closing already may take. */
const GRACE_MS = 2_000;
const INTERVAL_MS = 20;

function countHandles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (KINDS.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

const before = countHandles();

function findLeaks(): string[] {
  return [...countHandles()]
    .map(([kind, count]) => ({ kind, count: count - (before.get(kind) ?? 0) }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count} ${kind}`);
}

// Registered first, so it runs after the file's own hooks.
afterAll(async () => {
  let leaks = findLeaks();
  for (let waitedMs = 0; leaks.length > 0 && waitedMs < GRACE_MS; waitedMs += INTERVAL_MS) {
    await delay(INTERVAL_MS);
    leaks = findLeaks();
  }
  if (leaks.length > 0) {
    throw new Error(`the file leaves handles open: ${leaks.join(", ")}`);
  }
});
