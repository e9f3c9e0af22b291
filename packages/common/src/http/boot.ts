import type { TObject } from "typebox";
import { ConfigError, printConfig } from "../config/env.ts";

/**
 * Runs a service's `main`: with `--print-config` shows its configuration and stops; a fault at boot
 * is one clear message and exit code 1, never a stack.
 */
export async function boot<Config extends Record<string, string | number | boolean | undefined>>(
  service: string,
  schema: TObject,
  readConfig: () => Config,
  run: (config: Config) => Promise<void>,
): Promise<void> {
  try {
    const config = readConfig();
    if (process.argv.includes("--print-config")) {
      process.stdout.write(`${printConfig(schema, config)}\n`);
      return;
    }
    await run(config);
  } catch (error) {
    process.stderr.write(`${service} cannot start: ${explain(error)}\n`);
    process.exit(1);
  }
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, message, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === "EADDRINUSE") return `port ${port} is taken; free it or choose another.`;
  if (code === "ECONNREFUSED") return `a dependency does not answer: ${message}`;
  return message;
}
