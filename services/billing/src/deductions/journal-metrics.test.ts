import { createRegistry } from "@orrery/common/observability/metrics";
import { newIntent, readyChannels, T0 } from "@orrery/soroban/journal/contract/fixtures";
import { createMemoryJournal } from "@orrery/soroban/journal/submission-journal.memory";
import { beforeEach, describe, expect, it } from "vitest";
import { registerJournalMetrics } from "./journal-metrics.ts";

let journal: ReturnType<typeof createMemoryJournal>;
let isAway: boolean;
let nowMs: number;
let scrape: () => Promise<string>;

beforeEach(() => {
  journal = createMemoryJournal();
  isAway = false;
  nowMs = T0;
  const registry = createRegistry();
  const counts = async () => {
    if (isAway) throw new Error("away");
    return journal.counts();
  };
  registerJournalMetrics(registry, { counts }, () => nowMs);
  scrape = () => registry.metrics();
});

describe("the journal's metrics", () => {
  it("show what waits, for how long, and the channels, as of the scrape", async () => {
    expect(await scrape()).toContain("billing_pending_age_seconds 0");
    await journal.insertIntents([newIntent(), newIntent({ createdAtMs: T0 + 1_000 })]);
    await readyChannels(journal, 3);
    nowMs = T0 + 4_500;
    const text = await scrape();
    expect(text).toContain('billing_pending{state="received"} 2');
    expect(text).toContain('billing_pending{state="sent"} 0');
    expect(text).toContain('soroban_channels{state="ready"} 3');
    expect(text).toContain("soroban_unknown_outcomes 0");
    expect(text).toContain("billing_pending_age_seconds 4.5");
  });

  it("keep their last values while the journal is away, and never fail the scrape", async () => {
    await journal.insertIntents([newIntent()]);
    await scrape();
    await journal.insertIntents([newIntent()]);
    isAway = true;
    expect(await scrape()).toContain('billing_pending{state="received"} 1');
    isAway = false;
    expect(await scrape()).toContain('billing_pending{state="received"} 2');
  });
});
