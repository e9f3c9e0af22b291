import { type Environment, UsageError } from "../command.ts";
import { readCatalogAccess } from "../config.ts";
import { InternalClient, Refusal, segment } from "../internal-client.ts";

/** Ledgers that the network had forgotten before they were read; both ends included. */
export interface Gap {
  readonly fromLedger: number;
  readonly toLedger: number;
}

/** How far a contract's events have been read. */
export interface FollowedContract {
  readonly contractId: string;
  readonly ledger: number;
  /** Null: of `ledger` nothing was read yet. */
  readonly cursor: string | null;
  readonly updatedAt: string;
  readonly gaps: readonly Gap[];
}

const PATH = "/indexer";

/** What the catalog at `CATALOG_URL` follows. */
export class FollowedContracts {
  readonly #catalog: InternalClient;

  constructor(env: Environment) {
    this.#catalog = new InternalClient("catalog", readCatalogAccess(env));
  }

  async list(): Promise<readonly FollowedContract[]> {
    return (await this.#catalog.call<{ data: FollowedContract[] }>("GET", PATH)).data;
  }

  /** @throws {Refusal} when nobody follows it */
  async get(contractId: string): Promise<FollowedContract> {
    const found = (await this.list()).find((contract) => contract.contractId === contractId);
    if (found !== undefined) return found;
    throw new Refusal(`nobody follows ${contractId}`, "contract_not_followed");
  }

  /** @throws {Refusal} for a ledger that was not reached yet: what lies between would be lost */
  async rewind({ contractId, ledger: reached }: FollowedContract, ledger: number): Promise<void> {
    if (ledger > reached) throw new Refusal(`${contractId} has only been read to ${reached}`);
    await this.#catalog.call("POST", `${PATH}/${segment(contractId)}/rewind`, { ledger });
  }
}

/** The contract that a command line names. @throws {UsageError} */
export function readContract(operands: readonly string[]): string {
  const [contractId, ...rest] = operands;
  if (contractId === undefined || rest.length > 0) throw new UsageError("name one contract");
  return contractId;
}

export function gapText({ fromLedger, toLedger }: Gap): string {
  return `ledgers ${fromLedger} to ${toLedger}`;
}
