import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";

const ENTRY = fileURLToPath(new URL("./watchdog.ts", import.meta.url));

export interface Watchdog {
  readonly pid: number;
  /** Tells it that this process ends now, and waits until it has ended too. */
  release(): Promise<void>;
}

/** Starts the process that stops what `recordFile` lists should this one be killed. */
export async function startWatchdog(recordFile: string): Promise<Watchdog> {
  const child = spawn(process.execPath, [ENTRY, recordFile], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const exited = once(child, "exit");
  await once(child, "spawn");
  child.unref();
  const input = child.stdin as Socket;
  input.unref();
  input.on("error", () => undefined);
  const release = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    input.end();
    await exited;
  };
  return { pid: child.pid ?? 0, release };
}
