import type { Clock } from "@orrery/common/contracts/clock";
import type { Audience, RequestContext } from "@orrery/common/contracts/request-context";
import type { ContextKey } from "@orrery/common/http/context-keys";
import { CONTEXT_TTL_SECONDS, signContext } from "@orrery/common/http/signed-context";
import { RecentMap } from "../credentials/recent-map.ts";

const CAPACITY = 20_000;
/** Signed anew at half its life: what is sent is good for as long again. */
const USED_FOR_MS = (CONTEXT_TTL_SECONDS * 1_000) / 2;

/**
 * Contexts signed once per audience, principal, tenant and scopes. A context is asked for only after
 * its credential was verified for the request at hand, so that none is used past a revocation.
 */
export class SignedContexts {
  readonly #signed = new RecentMap<{ readonly header: string; readonly atMs: number }>(CAPACITY);
  readonly #key: ContextKey;
  readonly #clock: Clock;

  constructor(key: ContextKey, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
  }

  headerFor(context: RequestContext, audience: Audience): string {
    const { tenantId, principal, scopes } = context;
    // No part before the principal can hold a bar.
    const name = `${audience}|${tenantId}|${scopes.join(" ")}|${principal}`;
    const nowMs = this.#clock();
    const known = this.#signed.get(name);
    const ageMs = known === undefined ? Number.POSITIVE_INFINITY : nowMs - known.atMs;
    if (known !== undefined && ageMs >= 0 && ageMs < USED_FOR_MS) return known.header;
    const header = signContext(context, audience, this.#key, this.#clock);
    this.#signed.set(name, { header, atMs: nowMs });
    return header;
  }
}
