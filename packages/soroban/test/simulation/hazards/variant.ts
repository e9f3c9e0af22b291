import type { EngineSettings } from "../../../src/engine/engine-options.ts";
import type { SubmissionJournal } from "../../../src/journal/submission-journal.ts";
import type { SorobanRpc } from "../../../src/rpc/soroban-rpc.ts";
import type { SeededRandom } from "../clockwork/seeded-random.ts";
import type { FaultRates } from "../faults.ts";
import type { Guards } from "../workload/guards.ts";

/** What an engine is about to be given. */
export interface EngineParts {
  readonly journal: SubmissionJournal;
  readonly rpc: SorobanRpc;
  readonly settings: Partial<EngineSettings>;
}

/** Changes one engine's parts. `clock` is the engine's own. */
export type Change = (parts: EngineParts, clock: () => number) => EngineParts;

/** A change to every engine of a run, made from outside: one wrong idea at a time. */
export interface Variant {
  readonly name: string;
  /** Which guards the run leaves on; by default as the seed has it. */
  readonly guards?: Guards;
  /** How often which faults strike, where the seed is not to decide. */
  readonly rates?: FaultRates;
  /** Called once for each run: what the change remembers outlives its engines. */
  begin(random: SeededRandom): Change;
}
