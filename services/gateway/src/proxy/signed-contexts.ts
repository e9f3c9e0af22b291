import type { Clock } from "@orrery/common/contracts/clock";
import type { Audience, RequestContext } from "@orrery/common/contracts/request-context";
import type { ContextKey } from "@orrery/common/http/context-keys";
import { CONTEXT_TTL_SECONDS, signContext } from "@orrery/common/http/signed-context";
import { RecentMap } from "../credentials/recent-map.ts";

interface Signed {
  readonly header: string;
  readonly atMs: number;
}

/** Principals remembered, and contexts of each: two audiences, with room for some tenants. */
const PRINCIPALS = 10_000;
const CONTEXTS_OF_PRINCIPAL = 8;
/** Signed anew at half its life: what is sent is good for as long again. */
const USED_FOR_MS = (CONTEXT_TTL_SECONDS * 1_000) / 2;

/**
 * Contexts signed once per principal, audience, tenant and scopes. A context is asked for only after
 * its credential was verified for the request at hand, and forgotten with a revocation, so that none is
 * used past one. The first of the configured keys signs; services verify with all of them.
 */
export class SignedContexts {
  readonly #signed = new RecentMap<Map<string, Signed>>(PRINCIPALS);
  readonly #key: ContextKey;
  readonly #clock: Clock;

  constructor(key: ContextKey, clock: Clock) {
    this.#key = key;
    this.#clock = clock;
  }

  headerFor(context: RequestContext, audience: Audience): string {
    const { tenantId, principal, scopes } = context;
    let ofPrincipal = this.#signed.get(principal);
    if (ofPrincipal === undefined) {
      ofPrincipal = new Map();
      this.#signed.set(principal, ofPrincipal);
    }
    const name = `${audience}|${tenantId}|${scopes.join(" ")}`;
    const nowMs = this.#clock();
    const known = ofPrincipal.get(name);
    const ageMs = known === undefined ? Number.POSITIVE_INFINITY : nowMs - known.atMs;
    if (known !== undefined && ageMs >= 0 && ageMs < USED_FOR_MS) return known.header;
    const header = signContext(context, audience, this.#key, this.#clock);
    if (known === undefined && ofPrincipal.size >= CONTEXTS_OF_PRINCIPAL) ofPrincipal.clear();
    ofPrincipal.set(name, { header, atMs: nowMs });
    return header;
  }

  /** The principal's credential was revoked: nothing signed for it is sent again. */
  forget(principal: string): void {
    this.#signed.delete(principal);
  }
}
