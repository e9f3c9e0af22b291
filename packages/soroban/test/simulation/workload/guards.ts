/** How an engine is deceived about its attempts. */
export interface Deceit {
  /**
   * Which attempts it believes dead without a proof, although they may be applied any time or have
   * been: none, some at random, those whose send gave no answer, those too old by its own clock.
   */
  readonly hastyAbout: "none" | "some" | "unanswered" | "old-by-clock";
  /** What it finds on the channel of a dead attempt, and so on which sequence it rebuilds. */
  readonly rebuildsOn: "same-sequence" | "fresh-sequence";
}

/** What stands between a request and a second charge in one run. */
interface GuardPlan {
  /** Whether the vaults remember their requests; by default some do. */
  readonly hasMarkers?: boolean;
  /** How the engine is led past its other guards. */
  readonly deceit?: Deceit;
}

/**
 * Which guards are on in a run. Each of the two must hold alone, and must do so even when the
 * engine believes attempts dead that are not: proof of death is about getting on, not about safety.
 */
const GUARD_PLANS = {
  both: {},
  sequence: { hasMarkers: false },
  marker: { hasMarkers: true, deceit: { hastyAbout: "none", rebuildsOn: "fresh-sequence" } },
  "sequence-without-proof": {
    hasMarkers: false,
    deceit: { hastyAbout: "some", rebuildsOn: "same-sequence" },
  },
  "marker-without-proof": {
    hasMarkers: true,
    deceit: { hastyAbout: "some", rebuildsOn: "fresh-sequence" },
  },
} as const satisfies Record<string, GuardPlan>;

export type Guards = keyof typeof GUARD_PLANS;

export const GUARDS = Object.keys(GUARD_PLANS) as Guards[];

export function guardPlan(guards: Guards): GuardPlan {
  return GUARD_PLANS[guards];
}

/**
 * Whether the engine may give up on what is applied later: it then refuses a request that was
 * charged, which is wrong, but is no second charge as long as nobody asks again.
 */
export function isWithoutProof(guards: Guards): boolean {
  const { deceit } = guardPlan(guards);
  return deceit !== undefined && deceit.hastyAbout !== "none";
}

/** Whether the engine is told lies about its channels: it may then keep some of them from use. */
export function isDeceived(guards: Guards): boolean {
  return guardPlan(guards).deceit !== undefined;
}
