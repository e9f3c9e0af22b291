/** Where a service listens, and what opens its routes for operators. */
export interface InternalAccess {
  readonly url: string;
  readonly token: string;
}

/** A service said no. */
export class Refusal extends Error {
  /** Of the problem that it answered; undefined when it answered none. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** Longer than the longest operation that a call waits for. */
const TIMEOUT_MS = 30_000;

/** The routes of one service that are for operators alone. */
export class InternalClient {
  readonly #service: string;
  readonly #url: string;
  readonly #token: string;

  constructor(service: "billing" | "catalog", { url, token }: InternalAccess) {
    this.#service = service;
    this.#url = `${url.replace(/\/$/, "")}/internal/v1`;
    this.#token = token;
  }

  /**
   * `path` begins with a slash. Gives undefined where the answer has no body.
   * @throws {Refusal} saying what the service said
   * @throws {Error} when it does not answer
   */
  async call<Reply>(
    method: "GET" | "PUT" | "POST" | "DELETE",
    path: string,
    body?: object,
  ): Promise<Reply> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new Error(`${this.#service} does not answer at ${this.#url}${path}`, { cause: error });
    });
    if (!response.ok) throw await this.#refusalOf(response);
    const text = await response.text();
    return (text === "" ? undefined : JSON.parse(text)) as Reply;
  }

  async #refusalOf(response: Response): Promise<Refusal> {
    const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
    const { code, detail = `${this.#service} refused` } = problem;
    if (response.status === 401) {
      return new Refusal(`${this.#service} does not know this token (INTERNAL_TOKENS)`, code);
    }
    if (response.status === 404 && (code === undefined || code === "route_not_found")) {
      return new Refusal(
        `${this.#service} has no /internal routes: it has no INTERNAL_TOKENS`,
        code,
      );
    }
    return new Refusal(`${detail} (${code ?? response.status})`, code);
  }
}

/** A value as one segment of a path. */
export function segment(value: string): string {
  return encodeURIComponent(value);
}
