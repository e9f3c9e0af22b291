import {
  type ChannelProvisionerOptions,
  provisionChannels,
} from "../channels/channel-provisioner.ts";
import { refillChannels, stroopsOfXlm } from "../channels/channel-refill.ts";
import { backOffMs } from "../pacing/back-off.ts";
import type { EngineSettings } from "./engine-options.ts";

/** Keeps the channel accounts in being and in funds, in the background. */
export interface ChannelKeeper {
  /** Looks now; goes on until all exist, then looks now and then. */
  check(): void;
  /** Ends what runs. */
  stop(): Promise<void>;
}

export interface ChannelKeeperOptions extends Omit<ChannelProvisionerOptions, "signal"> {
  /** How many channels there should be; may change. */
  readonly count: () => number;
  readonly settings: EngineSettings;
  /** Called whenever channels may have become usable. */
  readonly onReady: () => void;
}

export function createChannelKeeper(options: ChannelKeeperOptions): ChannelKeeper {
  const { settings, random, logger } = options;
  const abort = new AbortController();
  const { signal } = abort;
  const refill = {
    minBalanceStroops: stroopsOfXlm(settings.channelMinBalanceXlm),
    fullBalanceStroops: stroopsOfXlm(settings.channelStartingBalanceXlm),
  };
  let running: Promise<void> | undefined;
  let isWanted = false;
  let failures = 0;
  let cancel = () => {};

  /** The delay before the next look. */
  async function look(): Promise<number> {
    try {
      const { missing } = await provisionChannels({ ...options, signal }, options.count());
      failures = 0;
      if (missing > 0) return options.pace().ledgerMs / 2;
      await refillChannels({ ...options, signal, refill }, options.count());
      return settings.channelCheckMs;
    } catch (error) {
      failures += 1;
      if (failures === 1) logger.warn({ err: error }, "channel accounts not checked");
      return backOffMs(settings.rpcBackOff, failures, random());
    }
  }

  async function run(): Promise<void> {
    isWanted = false;
    const delayMs = await look();
    running = undefined;
    if (signal.aborted) return;
    options.onReady();
    if (isWanted) begin();
    else cancel = options.timers.after(delayMs, begin);
  }

  function begin(): void {
    isWanted = true;
    if (running !== undefined || signal.aborted) return;
    cancel();
    running = run();
  }

  return {
    check: begin,
    async stop() {
      abort.abort();
      cancel();
      await running;
    },
  };
}
