import { spawn } from "node:child_process";

export interface CommandResult {
  /** The exit code; 127 when the file is not there or may not be run. */
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a short command to its end and collects its output; a missing file is a result, not a throw. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<CommandResult> {
  const { timeoutMs, ...spawnOptions } = options;
  return new Promise((resolve) => {
    const child = spawn(file, [...args], {
      ...spawnOptions,
      stdio: ["ignore", "pipe", "pipe"],
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    });
    // Nothing outlives this process: a command that writes files would go on writing them.
    const killAtExit = () => child.kill("SIGKILL");
    process.prependOnceListener("exit", killAtExit);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
    });
    const finish = (result: CommandResult) => {
      process.off("exit", killAtExit);
      resolve(result);
    };
    child.once("error", (error) => finish({ code: 127, stdout, stderr: error.message }));
    child.once("close", (code) => finish({ code: code ?? 1, stdout, stderr }));
  });
}
