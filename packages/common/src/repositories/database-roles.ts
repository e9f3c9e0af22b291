/** The role of request work: rows of the transaction's tenants alone. */
export const REQUEST_ROLE = "orrery_request";

/** Roles whose rows are those of the transaction's tenants: of requests, and of who administers keys. */
export type TenantRole = typeof REQUEST_ROLE | "orrery_administrator";

/**
 * The roles of work that is no tenant's own, each with the least grants:
 * - the authenticator reads API keys before their tenant is known, the administrator makes tenants;
 * - the submitter is the submission engine, the settler finds settlements that are due, the admission
 *   counts what is pending, the reconciler reads charges, the archiver moves settled journal rows;
 * - the relay empties the outbox, the cache role reads generations, the scorer keeps the boards'
 *   scores, the public role reads what the platform shows to all, the indexer keeps what it has read
 *   of the chain and what could not be applied, the searcher finds where a text stands;
 * - the exporter writes exports' files and ends their retention;
 * - the janitor deletes what is kept no longer;
 * - the mover copies records between a process's memory and Postgres while a store is cut over;
 * - the operator ends what a program must not decide.
 */
export type SystemRole =
  | "orrery_authenticator"
  | "orrery_administrator"
  | "orrery_submitter"
  | "orrery_settler"
  | "orrery_admission"
  | "orrery_reconciler"
  | "orrery_archiver"
  | "orrery_relay"
  | "orrery_cache"
  | "orrery_scorer"
  | "orrery_public"
  | "orrery_indexer"
  | "orrery_searcher"
  | "orrery_exporter"
  | "orrery_janitor"
  | "orrery_mover"
  | "orrery_operator";

export type DatabaseRole = TenantRole | SystemRole;

/** Whom each service connects as: a login that owns nothing and can only become its roles. */
export const SERVICE_LOGINS = {
  gateway: "orrery_gateway",
  billing: "orrery_billing",
  catalog: "orrery_catalog",
} as const;

export type LoginService = keyof typeof SERVICE_LOGINS;
