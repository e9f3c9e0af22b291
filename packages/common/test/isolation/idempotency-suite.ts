import { withTenantEffect } from "@orrery/common/repositories/database";
import { KyselyIdempotencyStore } from "@orrery/common/repositories/idempotency/idempotency-store.kysely";
import { suiteOf } from "./isolation-case.ts";
import { CLAIMED_EPOCH, digestOf } from "./seed.ts";

const CLEANED = "the janitor deletes what is kept no longer, whoever's it was";

const cleaning = { acrossTenants: CLEANED, isShared: true };
const answer = { status: 200, headers: {}, body: "{}", isSecret: false };

function requestOf(tenantId: string) {
  return { tenantId, token: "open", fingerprint: digestOf("open") };
}

/** The claim that the seed holds, as if it were this tenant's. */
function heldClaim(tenantId: string) {
  return { tenantId, token: "open", epoch: CLAIMED_EPOCH, effectId: "", isRepeat: false };
}

export const IDEMPOTENCY_SUITE = suiteOf<KyselyIdempotencyStore>({
  name: "KyselyIdempotencyStore",
  service: "billing",
  open: (database) => new KyselyIdempotencyStore({ database }),
  cases: {
    claim: { call: (store, tenantId) => store.claim(requestOf(tenantId), 1_000) },
    prolong: { call: (store, tenantId) => store.prolong(heldClaim(tenantId), 1_000) },
    answer: { call: (store, tenantId) => store.answer(heldClaim(tenantId), answer) },
    end: { call: (store, tenantId) => store.end(heldClaim(tenantId), "forgotten") },
    join: {
      call: (store, tenantId, { kysely }) => {
        const effect = store.join<string>({
          request: requestOf(tenantId),
          claim: heldClaim(tenantId),
          answerOf: (body) => ({ ...answer, body }),
        });
        return withTenantEffect(kysely, tenantId, effect, async () => "done");
      },
    },
    countExpired: { ...cleaning, call: (store) => store.countExpired(10) },
    deleteExpired: { ...cleaning, call: (store) => store.deleteExpired(10) },
  },
});
