const TIMEOUT_MS = 20_000;

export type Credential = { bearer: string } | { apiKey: string };

export interface Answer {
  status: number;
  body: unknown;
}

/** Calls Orrery as any consumer does: JSON over HTTP through the gateway. */
export class OrreryClient {
  readonly #gatewayUrl: string;
  readonly #credential: Credential;

  constructor(gatewayUrl: string, credential: Credential) {
    this.#gatewayUrl = gatewayUrl;
    this.#credential = credential;
  }

  /** `path` is relative to `/api/v1`. */
  async call(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.#gatewayUrl}/api/v1${path}`, {
      method,
      headers: {
        ...this.#authentication(),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : parseJson(text) };
  }

  /** @throws Error unless the answer's status is one of `statuses` */
  async expect(
    statuses: readonly number[],
    method: string,
    path: string,
    body?: object,
  ): Promise<Answer> {
    const answer = await this.call(method, path, body);
    if (!statuses.includes(answer.status)) {
      const said = JSON.stringify(answer.body);
      throw new Error(`${method} ${path} answered ${answer.status}: ${said}`);
    }
    return answer;
  }

  #authentication(): Record<string, string> {
    return "bearer" in this.#credential
      ? { authorization: `Bearer ${this.#credential.bearer}` }
      : { "x-api-key": this.#credential.apiKey };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
