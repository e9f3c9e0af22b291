import type { Readable } from "node:stream";
import { type ErrorCode, ProblemError } from "@orrery/common/contracts/errors";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Dispatcher } from "undici";
import { type EventStream, isEventStream } from "./event-streams/event-stream.ts";
import type { EndReason, EventStreams } from "./event-streams/event-streams.ts";
import type { ProxyMetrics } from "./proxy-metrics.ts";
import { CallerGone, discardBody } from "./request-body.ts";
import { callerHeaders } from "./response-headers.ts";
import { isConnectionError } from "./retry-rule.ts";
import type { Lane } from "./upstream/lane.ts";
import type { Upstream } from "./upstream/upstream.ts";
import { endedBy, failureOf, isOfInstance, UpstreamFull } from "./upstream-failure.ts";

interface ExchangeOptions {
  readonly upstream: Upstream;
  /** Path and query, exactly as they are to be sent. */
  readonly path: string;
  /** Made for each time that the request is sent: a signed context ends. */
  readonly headers: () => string[];
  /** What is still coming is a stream, and can be sent once only. */
  readonly body: Buffer | Readable | undefined;
  /** Whether it may be sent again when its connection fails before a byte of the answer came. */
  readonly isRepeatable: boolean;
  /** From the last byte sent to the first byte of the answer. */
  readonly timeoutMs: number;
  /** What 503 is called on this route. */
  readonly unavailableCode: ErrorCode;
  /** Of a route whose answer is a stream of events. */
  readonly watch: Watch | undefined;
  /** Whether the caller should take its next request elsewhere. */
  readonly isDraining: () => boolean;
  readonly metrics: ProxyMetrics;
}

/** Who listens, and until when. */
interface Watch {
  readonly streams: EventStreams;
  readonly principal: string;
  readonly expiresAtMs: number | undefined;
}

/** A caller that takes nothing of its answer for so long has gone, whatever its connection says. */
const MAX_STALL_MS = 30_000;

/** The gateway ends a stream whose reader may not, or cannot, listen any longer. */
class StreamEnded extends Error {}

/**
 * One request passed to a service and its answer passed back, streaming both ways. Until the answer
 * begins a failure is answered like every other error; after that the caller's
 * connection is cut, since half an answer must not look like a whole one.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #options: ExchangeOptions;
  #lane: Lane | undefined;
  #isTrial = false;
  #isLastTry: boolean;
  #controller: Dispatcher.DispatchController | undefined;
  /** Whether any of it went out, to whichever instance and in whichever try. */
  #wasSent = false;
  #timer: NodeJS.Timeout | undefined;
  #stallTimer: NodeJS.Timeout | undefined;
  #events: EventStream | undefined;
  #abortedBy: Error | undefined;
  #isAnswered = false;
  /** How long the answer says that it is; NaN: it does not. */
  #answerBytes = Number.NaN;
  /** An answer that came in one piece goes out in one piece. */
  #whole: Buffer | undefined;
  #isSettled = false;

  constructor(request: FastifyRequest, reply: FastifyReply, options: ExchangeOptions) {
    this.#request = request;
    this.#reply = reply;
    this.#options = options;
    const { isRepeatable, body } = options;
    this.#isLastTry = !isRepeatable || (body !== undefined && !Buffer.isBuffer(body));
  }

  /**
   * The reply is hijacked as soon as the answer begins, or when the caller has gone; else it is sent a
   * ProblemError: `unavailableCode`, gateway_timeout, bad_gateway, payload_too_large, invalid_request;
   * of a watch also unauthenticated and service_unavailable.
   */
  run(): void {
    const { body, timeoutMs, watch } = this.#options;
    const { raw } = this.#reply;
    if (raw.destroyed) {
      // One who went before is silent.
      this.#abort(new CallerGone("the caller had gone"));
      return;
    }
    raw.on("close", this.#onCallerClosed);
    if (body !== undefined && !Buffer.isBuffer(body)) body.on("error", this.#onBodyError);
    this.#timer = setTimeout(this.#onTimeout, timeoutMs);
    if (watch !== undefined) {
      const { streams, principal, expiresAtMs } = watch;
      this.#events = streams.open({ principal, expiresAtMs, end: this.#onStreamEnd });
    }
    // A stream may be refused before it began.
    if (!this.#isSettled) this.#send();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#wasSent = true;
    if (this.#abortedBy !== undefined) controller.abort(this.#abortedBy);
  }

  /** A slow caller is not a slow service. */
  onBodySent(): void {
    this.#timer?.refresh();
  }

  /** From the first byte of an answer, even of one that never becomes whole. */
  onResponseStarted(): void {
    this.#isAnswered = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // An interim answer (103) is of the service's connection, not of ours.
    if (statusCode < 200) return;
    this.#stopTimer();
    const { raw } = this.#reply;
    const own = this.#reply.getHeaders();
    if (this.#options.isDraining()) own["connection"] = "close";
    // Before the hijack: headers that cannot be said fail the exchange, which is then answered.
    raw.writeHead(statusCode, callerHeaders(headers, own));
    this.#reply.hijack();
    this.#lane?.answered();
    this.#isTrial = false;
    if (this.#events !== undefined && isEventStream(headers)) {
      this.#events.begin(raw);
      raw.flushHeaders();
    }
    this.#answerBytes = Number(headers["content-length"]);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#events?.passed(chunk);
    if (chunk.length === this.#answerBytes) {
      this.#whole = chunk;
      return;
    }
    const { raw } = this.#reply;
    if (raw.write(chunk)) return;
    controller.pause();
    if (this.#stallTimer !== undefined) return;
    this.#stallTimer = setTimeout(this.#onStalled, MAX_STALL_MS);
    raw.once("drain", this.#onDrain);
  }

  onResponseEnd(): void {
    this.#lane?.release();
    this.#settle();
    this.#reply.raw.end(this.#whole);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const lane = this.#lane;
    lane?.release();
    if (this.#isSettled) return;
    const isAborted = this.#abortedBy !== undefined;
    if (isAborted || this.#isLastTry || this.#isAnswered || !isConnectionError(error)) {
      this.#fail(this.#abortedBy ?? error);
      return;
    }
    lane?.failed(this.#isTrial);
    this.#isLastTry = true;
    this.#controller = undefined;
    this.#options.metrics.retried(this.#options.upstream.audience);
    this.#send(lane);
  }

  #send(except?: Lane): void {
    const { upstream, path, headers, body, watch } = this.#options;
    const lane = upstream.pick(watch === undefined ? "calls" : "watches", except);
    this.#lane = lane;
    if (lane === undefined) {
      this.#fail(new UpstreamFull());
      return;
    }
    const method = this.#request.method;
    this.#isTrial = lane.begin();
    lane.dispatch({ path, method, headers: headers(), body: body ?? null }, this);
  }

  readonly #onTimeout = (): void => {
    this.#abort(new ProblemError("gateway_timeout", "The service did not answer in time."));
  };

  readonly #onBodyError = (error: Error): void => this.#abort(error);

  readonly #onDrain = (): void => {
    clearTimeout(this.#stallTimer);
    this.#stallTimer = undefined;
    this.#controller?.resume();
  };

  readonly #onStalled = (): void => this.#abort(new CallerGone("the caller takes nothing"));

  readonly #onCallerClosed = (): void => {
    if (!this.#reply.raw.writableFinished) this.#abort(new CallerGone("the caller went away"));
  };

  readonly #onStreamEnd = (reason: EndReason): void => {
    const { raw } = this.#reply;
    if (!raw.headersSent) {
      this.#abort(endedBy(reason));
      return;
    }
    if (this.#isSettled) return;
    this.#settle();
    this.#abortedBy = new StreamEnded(reason);
    this.#controller?.abort(this.#abortedBy);
    // Between events a stream can end; an answer of another kind would look whole.
    if (this.#events?.hasBegun === true) raw.end();
    else raw.destroy();
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
      this.#lane?.abandoned(this.#isTrial);
      metrics.callerGone(upstream.audience);
      this.#request.log.info({ method: this.#request.method }, error.message);
      this.#reply.hijack();
      raw.destroy();
      return;
    }
    const { reason, problem } = failureOf(error, { isSent: this.#wasSent, unavailableCode });
    if (isOfInstance(reason)) this.#lane?.failed(this.#isTrial);
    else this.#lane?.abandoned(this.#isTrial);
    metrics.failed(upstream.audience, reason);
    if (raw.headersSent) {
      this.#request.log.error({ err: problem, reason }, "the service's answer broke off");
      raw.destroy();
    } else {
      this.#reply.send(problem);
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
    clearTimeout(this.#stallTimer);
    const { body, watch } = this.#options;
    if (this.#events !== undefined) watch?.streams.close(this.#events);
    this.#reply.raw.off("close", this.#onCallerClosed);
    if (body !== undefined && !Buffer.isBuffer(body)) discardBody(this.#request.raw, body);
  }
}
