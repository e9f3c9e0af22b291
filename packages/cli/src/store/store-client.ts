import {
  STORED_REPOSITORIES,
  type StoredRepository,
  type StoreSetting,
} from "@orrery/common/repositories/cutover/store-mode";
import type { StoreStatus } from "@orrery/common/repositories/cutover/store-status";
import { type Arguments, type Environment, UsageError } from "../command.ts";
import { readStoreAccess } from "../config.ts";

/** What billing says of its stores. */
export interface StoreOverview {
  readonly hasDatabase: boolean;
  readonly isAlone: boolean;
  readonly repositories: Readonly<Record<StoredRepository, StoreStatus>>;
}

/** What billing may be told of one repository. */
export type StoreOrder =
  | { readonly switch: StoreSetting }
  | { readonly run: "backfill" | "verify" };

/** Longer than the longest operation that a switch waits for. */
const TIMEOUT_MS = 30_000;

/** The stores of the billing process at `BILLING_URL`: its memory is nowhere else. */
export class StoreClient {
  readonly #url: string;
  readonly #token: string;

  constructor(env: Environment) {
    const { url, token } = readStoreAccess(env);
    this.#url = `${url.replace(/\/$/, "")}/internal/v1/store`;
    this.#token = token;
  }

  async read(): Promise<StoreOverview> {
    return this.#call("GET");
  }

  async order(repository: StoredRepository, order: StoreOrder): Promise<StoreOverview> {
    return this.#call("PUT", { repository, ...order });
  }

  /** @throws {Error} saying what billing said, or that it does not answer */
  async #call(method: "GET" | "PUT", body?: object): Promise<StoreOverview> {
    const response = await fetch(this.#url, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new Error(`billing does not answer at ${this.#url}`, { cause: error });
    });
    if (response.ok) return (await response.json()) as StoreOverview;
    throw new Error(await refusalOf(response));
  }
}

async function refusalOf(response: Response): Promise<string> {
  if (response.status === 401) return "billing does not know this token (INTERNAL_TOKENS)";
  if (response.status === 404) return "billing has no /internal routes: it has no INTERNAL_TOKENS";
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  return `${problem.detail ?? "billing refused"} (${problem.code ?? response.status})`;
}

/** The repositories that a command line names. @throws {UsageError} */
export function readRepositories({ operands }: Arguments): readonly StoredRepository[] {
  const [name, ...rest] = operands;
  if (rest.length > 0) throw new UsageError("name one repository, or all");
  if (name === "all") return STORED_REPOSITORIES;
  const found = STORED_REPOSITORIES.find((repository) => repository === name);
  if (found !== undefined) return [found];
  throw new UsageError(`name a repository: ${STORED_REPOSITORIES.join(", ")} or all`);
}
