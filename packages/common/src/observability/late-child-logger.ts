import type { FastifyBaseLogger } from "fastify";
import type { Bindings, ChildLoggerOptions } from "pino";

type Method = "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";

/** A child logger that is made when it is first used: most requests never log through theirs. */
export class LateChildLogger implements FastifyBaseLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #bindings: Bindings;
  readonly #options: ChildLoggerOptions;
  #child: FastifyBaseLogger | undefined;

  constructor(parent: FastifyBaseLogger, bindings: Bindings, options: ChildLoggerOptions) {
    this.#parent = parent;
    this.#bindings = bindings;
    this.#options = options;
  }

  get level() {
    return this.#made().level;
  }

  fatal(...line: unknown[]): void {
    this.#log("fatal", line);
  }

  error(...line: unknown[]): void {
    this.#log("error", line);
  }

  warn(...line: unknown[]): void {
    this.#log("warn", line);
  }

  info(...line: unknown[]): void {
    this.#log("info", line);
  }

  debug(...line: unknown[]): void {
    this.#log("debug", line);
  }

  trace(...line: unknown[]): void {
    this.#log("trace", line);
  }

  silent(...line: unknown[]): void {
    this.#log("silent", line);
  }

  child(bindings: Bindings, options?: ChildLoggerOptions): FastifyBaseLogger {
    return this.#made().child(bindings, options);
  }

  #made(): FastifyBaseLogger {
    this.#child ??= this.#parent.child(this.#bindings, this.#options);
    return this.#child;
  }

  #log(method: Method, line: unknown[]): void {
    const child = this.#made();
    Reflect.apply(child[method], child, line);
  }
}
