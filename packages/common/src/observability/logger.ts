import { type Logger, type LoggerOptions, pino } from "pino";
import { standardOutput } from "./standard-output.ts";

/** Paths that hold secrets wherever an object is logged. */
const REDACTED = [
  "authorization",
  "cookie",
  "password",
  "secret",
  "apiKey",
  "token",
  '["x-api-key"]',
  '["x-orrery-context"]',
];

/** The one logger configuration: JSON lines, level as text, RFC 3339 times, secrets masked. */
export function loggerOptions(service: string, level: string): LoggerOptions {
  return {
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: REDACTED.flatMap((path) =>
        path.startsWith("[")
          ? [path, `*${path}`, `req.headers${path}`]
          : [path, `*.${path}`, `req.headers.${path}`],
      ),
      censor: "[redacted]",
    },
  };
}

/** A logger for what runs beside requests: workers, pools, relays. */
export function createLogger(service: string, level: string): Logger {
  return pino(loggerOptions(service, level), standardOutput);
}

/**
 * A logger for lines whose fields are all known not to be secret: nothing is looked for to be masked,
 * which costs more than all else of a line.
 */
export function createPlainLogger(
  service: string,
  level: string,
  stream: { write(line: string): void },
): Logger {
  const { redact: _redact, ...options } = loggerOptions(service, level);
  return pino(options, stream);
}
