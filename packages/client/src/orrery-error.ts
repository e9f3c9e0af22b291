import type { ProblemCode } from "./generated/operations.ts";
import { retryAfterMs } from "./retry-after.ts";

/** RFC 9457, as Orrery answers it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  /** Servers newer than this client may know further codes. */
  readonly code: ProblemCode | (string & Record<never, never>);
  readonly requestId: string;
  readonly errors?: readonly {
    readonly pointer: string;
    readonly detail: string;
    readonly in?: "query" | "params" | "headers";
  }[];
  readonly [extension: string]: unknown;
}

/** The API said no. Decide by `code`. */
export class OrreryError extends Error {
  override readonly name = "OrreryError";
  readonly status: number;
  /** Undefined when whoever answered was not Orrery: a proxy on the way, say. */
  readonly problem: Problem | undefined;
  /** How long the server asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, problem: Problem | undefined, headers: Headers, nowMs: number) {
    super(problem === undefined ? `HTTP ${status}` : `${problem.code}: ${problem.detail}`);
    this.status = status;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs(headers.get("retry-after"), nowMs);
  }

  get code(): Problem["code"] | undefined {
    return this.problem?.code;
  }

  /** To be named when asking for help. */
  get requestId(): string | undefined {
    return this.problem?.requestId;
  }
}

/** No whole answer came: whether the request arrived is not known. `cause` says what happened. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

/** @returns the problem of an answer that is one */
export async function problemOf(response: Response): Promise<Problem | undefined> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/problem+json")) return undefined;
  const problem: unknown = await response.json();
  return isProblem(problem) ? problem : undefined;
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}
