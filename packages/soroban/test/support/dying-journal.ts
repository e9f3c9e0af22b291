import type { SubmissionJournal } from "../../src/journal/submission-journal.ts";

type Step = "prepare" | "markSent" | "addHash" | "markDead" | "markRestored" | "resolve";

export interface DyingJournal {
  readonly journal: SubmissionJournal;
  /** Whether the process has died. */
  isDead(): boolean;
}

const never = () => new Promise<never>(() => {});

/** A journal of a process that dies right before the commit of a step, or right after it. */
export function dyingAt(
  inner: SubmissionJournal,
  step: Step,
  when: "before" | "after",
): DyingJournal {
  let isDead = false;
  const die = async (...args: unknown[]) => {
    const commit = inner[step] as (...args: unknown[]) => Promise<boolean>;
    if (when === "after") await commit(...args);
    isDead = true;
    return never();
  };
  const journal: SubmissionJournal = {
    ...inner,
    // A dead process renews and leases nothing either.
    renew: (...args) => (isDead ? never() : inner.renew(...args)),
    leaseDue: (...args) => (isDead ? never() : inner.leaseDue(...args)),
    [step]: die,
  };
  return { journal, isDead: () => isDead };
}
