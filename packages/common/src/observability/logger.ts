import { type Logger, type LoggerOptions, pino } from "pino";

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
 * Where log lines go. Not pino's own writer, which tries again for ever when the reader of a pipe is
 * gone: lines that nobody reads are dropped, so that a service can still stop.
 */
export const standardOutput = {
  write: (line: string): void => {
    process.stdout.write(line);
  },
};
process.stdout.on("error", () => {});
