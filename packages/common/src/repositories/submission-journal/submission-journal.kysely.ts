import type { ResolutionHook, SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import { createKyselyChannels } from "./channel-journal.kysely.ts";
import { findIntent, insertIntents, rearmIntent } from "./request-statements.kysely.ts";
import { countSubmissions } from "./submission-counts.kysely.ts";
import { leaseDue, renewLeases, rereadLease } from "./submission-leases.kysely.ts";
import { createResolve, createTransitions } from "./submission-transitions.kysely.ts";

export interface KyselyJournalOptions {
  readonly database: OrreryDatabase;
  /**
   * Told of every terminal transition inside its transaction, as the system role: what it writes
   * commits with the resolution, and when it throws the resolution is undone and tried again.
   */
  readonly onResolved?: ResolutionHook<OrreryTransaction>;
}

/**
 * The submission journal on Postgres. Workers run as the system role, across tenants; the request
 * path uses `insertIntents`, `rearmIntent` and `findIntent` inside its own tenant transactions.
 */
export function createKyselyJournal(options: KyselyJournalOptions): SubmissionJournal {
  const { database } = options;
  return {
    ...createKyselyChannels(database),
    ...createTransitions(database),
    ...createResolve(database, options.onResolved),
    insertIntents: (intents) => insertIntents(database, intents),
    rearm: (tenantId, intentId, nowMs) => rearmIntent(database, tenantId, intentId, nowMs),
    findIntent: (tenantId, intentId) => findIntent(database, tenantId, intentId),
    leaseDue: (request) => leaseDue(database, request),
    renew: (tokens, leaseUntilMs) => renewLeases(database, tokens, leaseUntilMs),
    reread: (token) => rereadLease(database, token),
    counts: () => countSubmissions(database),
  };
}
