import {
  STORED_REPOSITORIES,
  type StoredRepository,
  type StoreSetting,
} from "@orrery/common/repositories/cutover/store-mode";
import type { StoreStatus } from "@orrery/common/repositories/cutover/store-status";
import { type Arguments, type Environment, UsageError } from "../command.ts";
import { readStoreAccess } from "../config.ts";
import { InternalClient } from "../internal-client.ts";

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

const PATH = "/store";

/** The stores of the billing process at `BILLING_URL`: its memory is nowhere else. */
export class StoreClient {
  readonly #billing: InternalClient;

  constructor(env: Environment) {
    this.#billing = new InternalClient("billing", readStoreAccess(env));
  }

  read(): Promise<StoreOverview> {
    return this.#billing.call("GET", PATH);
  }

  order(repository: StoredRepository, order: StoreOrder): Promise<StoreOverview> {
    return this.#billing.call("PUT", PATH, { repository, ...order });
  }
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
