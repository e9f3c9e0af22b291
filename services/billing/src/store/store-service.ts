import { ProblemError } from "@orrery/common/contracts/errors";
import type { StoreCutover } from "@orrery/common/repositories/cutover/store-cutover";
import {
  STORED_REPOSITORIES,
  type StoredRepository,
  type StoreSetting,
} from "@orrery/common/repositories/cutover/store-mode";
import type { StoreStatus } from "@orrery/common/repositories/cutover/store-status";

/** Makes this process the only one that keeps records. */
interface Solitude {
  readonly isAlone: boolean;
  becomeAlone(): Promise<boolean>;
  share(): Promise<void>;
}

export interface StoreServiceOptions {
  cutovers: Readonly<Record<StoredRepository, StoreCutover>>;
  guard: Solitude;
  /** Told of every switch. */
  onSwitched: (repository: StoredRepository, setting: StoreSetting) => void;
}

export interface StoreOverview {
  /** False: everything is in memory, and there is nowhere to move it. */
  readonly hasDatabase: boolean;
  /** Whether no other process may run beside this one. */
  readonly isAlone: boolean;
  readonly repositories: Readonly<Record<StoredRepository, StoreStatus>>;
}

/** Moves repositories between the memory of this process and Postgres, while it serves. */
export class StoreService {
  readonly #options: StoreServiceOptions | undefined;

  /** Left out: there is no database. */
  constructor(options?: StoreServiceOptions) {
    this.#options = options;
  }

  get overview(): StoreOverview {
    const cutovers = this.#options?.cutovers;
    const statusOf = (name: StoredRepository) => cutovers?.[name].status ?? IN_MEMORY;
    return {
      hasDatabase: cutovers !== undefined,
      isAlone: this.#options?.guard.isAlone ?? true,
      repositories: {
        stream: statusOf("stream"),
        idempotency: statusOf("idempotency"),
        export: statusOf("export"),
      },
    };
  }

  /** @throws {ProblemError} invalid_store_switch, store_not_verified */
  async switch(repository: StoredRepository, to: StoreSetting): Promise<void> {
    const { cutovers, guard, onSwitched } = this.#required();
    const cutover = cutovers[repository];
    if (to.mode !== "postgres" && !(await guard.becomeAlone())) {
      throw new ProblemError(
        "invalid_store_switch",
        "Other billing processes run on the same database; scale to one before records are kept in memory.",
      );
    }
    try {
      await cutover.switchTo(to);
      onSwitched(repository, to);
    } finally {
      const isShared = STORED_REPOSITORIES.every((name) => cutovers[name].side === "postgres");
      const isMoved = STORED_REPOSITORIES.every((name) => !cutovers[name].isDual);
      if (isShared && isMoved) await guard.share();
    }
  }

  /** @throws {ProblemError} invalid_store_switch */
  startBackfill(repository: StoredRepository): void {
    this.#required().cutovers[repository].startBackfill();
  }

  /** @throws {ProblemError} invalid_store_switch */
  startVerification(repository: StoredRepository): void {
    this.#required().cutovers[repository].startVerification();
  }

  #required(): StoreServiceOptions {
    if (this.#options !== undefined) return this.#options;
    throw new ProblemError("invalid_store_switch", "This process has no database to move to.");
  }
}

const IN_MEMORY: StoreStatus = {
  mode: "memory",
  reads: "memory",
  backfill: { state: "idle", copied: 0 },
  repairs: 0,
  hasOverflowed: false,
  verification: { state: "never", compared: 0 },
};
