import type { Readable } from "node:stream";
import { type ErrorCode, ProblemError } from "@orrery/common/contracts/errors";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Dispatcher } from "undici";
import type { ProxyMetrics } from "./proxy-metrics.ts";
import { discardBody } from "./request-body.ts";
import { callerHeaders } from "./response-headers.ts";
import type { Upstream } from "./upstream.ts";
import { failureOf } from "./upstream-failure.ts";

interface ExchangeOptions {
  readonly upstream: Upstream;
  /** Path and query, exactly as they are to be sent. */
  readonly path: string;
  readonly headers: string[];
  readonly body: Readable | undefined;
  /** From the last byte sent to the first byte of the answer. */
  readonly timeoutMs: number;
  /** What 503 is called on this route. */
  readonly unavailableCode: ErrorCode;
  /** Whether the caller should take its next request elsewhere. */
  readonly isDraining: () => boolean;
  readonly metrics: ProxyMetrics;
}

/** The caller went away: there is nobody left to answer. */
class CallerGone extends Error {}

/**
 * One request passed to a service and its answer passed back, streaming both ways. Until the answer
 * begins a failure is thrown, and answered like every other error; after that the caller's
 * connection is cut, since half an answer must not look like a whole one.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #options: ExchangeOptions;
  readonly #begun = Promise.withResolvers<void>();
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #abortedBy: Error | undefined;
  #isSettled = false;

  constructor(request: FastifyRequest, reply: FastifyReply, options: ExchangeOptions) {
    this.#request = request;
    this.#reply = reply;
    this.#options = options;
  }

  /**
   * Resolves when the answer has begun (the reply is hijacked then) or the caller has gone.
   * @throws {ProblemError} service_unavailable or `unavailableCode`, gateway_timeout, bad_gateway,
   *   payload_too_large, invalid_request
   */
  async run(): Promise<void> {
    const { upstream, path, headers, body, timeoutMs } = this.#options;
    this.#reply.raw.on("close", this.#onCallerClosed);
    body?.on("error", this.#onBodyError);
    this.#timer = setTimeout(this.#onTimeout, timeoutMs);
    const method = this.#request.method;
    upstream.dispatcher.dispatch({ path, method, headers, body: body ?? null }, this);
    return this.#begun.promise;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#abortedBy !== undefined) controller.abort(this.#abortedBy);
  }

  /** A slow caller is not a slow service. */
  onBodySent(): void {
    this.#timer?.refresh();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // An interim answer (103) is of the service's connection, not of ours.
    if (statusCode < 200) return;
    this.#stopTimer();
    const { raw } = this.#reply;
    this.#reply.hijack();
    raw.on("drain", () => controller.resume());
    const own = this.#reply.getHeaders();
    if (this.#options.isDraining()) own["connection"] = "close";
    raw.writeHead(statusCode, callerHeaders(headers, own));
    this.#begun.resolve();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#reply.raw.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.#settle();
    this.#reply.raw.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#fail(this.#abortedBy ?? error);
  }

  readonly #onTimeout = (): void => {
    this.#abort(new ProblemError("gateway_timeout", "The service did not answer in time."));
  };

  readonly #onBodyError = (error: Error): void => this.#abort(error);

  readonly #onCallerClosed = (): void => {
    if (!this.#reply.raw.writableFinished) this.#abort(new CallerGone("the caller went away"));
  };

  #abort(reason: Error): void {
    if (this.#isSettled || this.#abortedBy !== undefined) return;
    this.#abortedBy = reason;
    this.#controller?.abort(reason);
    // Still waiting for a connection: it is aborted as soon as it has one.
    this.#fail(reason);
  }

  #fail(error: Error): void {
    if (this.#isSettled) return;
    this.#settle();
    const { metrics, upstream, unavailableCode } = this.#options;
    const { raw } = this.#reply;
    if (error instanceof CallerGone) {
      metrics.callerGone(upstream.audience);
      this.#request.log.info({ method: this.#request.method }, "the caller went away");
      this.#reply.hijack();
      this.#begun.resolve();
      return;
    }
    const isSent = this.#controller !== undefined;
    const { reason, problem } = failureOf(error, { isSent, unavailableCode });
    metrics.failed(upstream.audience, reason);
    if (raw.headersSent) {
      this.#request.log.error({ err: problem, reason }, "the service's answer broke off");
      raw.destroy();
    } else {
      this.#begun.reject(problem);
    }
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    // Refreshing a cleared timer would set it again.
    this.#timer = undefined;
  }

  #settle(): void {
    this.#isSettled = true;
    this.#stopTimer();
    this.#reply.raw.off("close", this.#onCallerClosed);
    const { body } = this.#options;
    if (body !== undefined) discardBody(this.#request.raw, body);
  }
}
