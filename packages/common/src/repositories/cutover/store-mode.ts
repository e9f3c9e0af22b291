import { ProblemError } from "../../contracts/errors.ts";

/** The repositories that can be moved between a process's memory and Postgres while it serves. */
export const STORED_REPOSITORIES = ["stream", "idempotency", "export"] as const;
export type StoredRepository = (typeof STORED_REPOSITORIES)[number];

export const STORE_MODES = ["memory", "dual", "postgres"] as const;
/** Where writes go; `dual`: to both. */
export type StoreMode = (typeof STORE_MODES)[number];

export const STORE_SIDES = ["memory", "postgres"] as const;
/** Where reads come from: the side that decides, and that is written first. */
export type StoreSide = (typeof STORE_SIDES)[number];

export interface StoreSetting {
  readonly mode: StoreMode;
  readonly reads: StoreSide;
}

/** Whether the setting makes sense: reads come from a side that is written. */
function isSetting({ mode, reads }: StoreSetting): boolean {
  return mode === "dual" || mode === reads;
}

/** What a step towards the other store needs. */
export type StepNeeds = "nothing" | "verified";

/**
 * One step of the way between the stores, in either direction: memory ↔ dual reading memory ↔ dual
 * reading Postgres ↔ postgres. To read from the other side it must have been verified.
 * @throws {ProblemError} invalid_store_switch for any other step
 */
export function decideStep(from: StoreSetting, to: StoreSetting): StepNeeds {
  if (!isSetting(to)) throw invalidSwitch(`Mode ${to.mode} cannot read from ${to.reads}.`);
  if (from.mode === to.mode && from.reads === to.reads) return "nothing";
  if (from.mode === "dual" && to.mode === "dual") return "verified";
  if (from.reads !== to.reads || (from.mode !== "dual" && to.mode !== "dual")) {
    throw invalidSwitch(
      `From mode ${from.mode}, reading ${from.reads}, go one step at a time: memory, dual reading memory, dual reading postgres, postgres.`,
    );
  }
  return "nothing";
}

export function otherSide(side: StoreSide): StoreSide {
  return side === "memory" ? "postgres" : "memory";
}

function invalidSwitch(detail: string): ProblemError {
  return new ProblemError("invalid_store_switch", detail);
}
