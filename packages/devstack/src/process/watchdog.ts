import { ProcessRecord } from "./process-record.ts";

// A process of its own beside the stack. Its input ends when the stack's own process does, however
// that happened; what is then still in the record is stopped, so that kill -9 leaves no orphans.

const [recordFile] = process.argv.slice(2);
if (recordFile === undefined) throw new Error("usage: watchdog <processes.json>");

for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => undefined);
for await (const _ of process.stdin) {
  // Nothing is ever sent: only the end counts.
}
await new ProcessRecord(recordFile).stopLeftovers();
