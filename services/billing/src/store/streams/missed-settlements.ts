import { isSettling, type Stream } from "@orrery/common/repositories/stream/stream";
import type { Resolution } from "@orrery/soroban/intent/resolution";
import type { IntentRecord } from "@orrery/soroban/journal/submission-journal";

interface MissedSettlementsOptions {
  /** Those in the memory of this process. */
  listStreams: () => readonly { readonly tenantId: string; readonly stream: Stream }[];
  findIntent: (tenantId: string, intentId: string) => Promise<IntentRecord | undefined>;
  settle: (resolution: Resolution) => Promise<void>;
}

/**
 * Ends settlements in memory whose charges have ended without this process: an operator did, or an
 * earlier process that was killed in between. This process is told of all others by its engine.
 */
export class MissedSettlements {
  readonly #options: MissedSettlementsOptions;

  constructor(options: MissedSettlementsOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { listStreams, findIntent, settle } = this.#options;
    for (const { tenantId, stream } of listStreams()) {
      if (!isSettling(stream) || stream.settlement === undefined) continue;
      const resolution = (await findIntent(tenantId, stream.settlement.intentId))?.resolution;
      if (resolution !== undefined && resolution.state !== "unknown") await settle(resolution);
    }
  }
}
