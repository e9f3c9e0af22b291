/** A statement's text before it goes to the server, and after. */
export type Rewrite = (text: string) => string;

const COLUMN = String.raw`(?:"?\w+"?\.)?"?tenant_id"?`;
/** A parameter, of a statement or of a function. */
const GIVEN = String.raw`(?:\$\d+|p_\w+)(?:::\w+)?`;
/** Parentheses up to two deep, as in `(select * from unnest($1::text[]))`. */
const PARENTHESISED = String.raw`\((?:[^()]|\([^()]*\))*\)`;

/**
 * Removes what a statement says of the tenant whose rows it means, as if nobody had thought of it; the
 * parameter stays in use, so that the statement is still one.
 */
export const removeTenantFilter: Rewrite = (text) =>
  text
    .replaceAll(new RegExp(`${COLUMN} = (${GIVEN})`, "g"), "$1::text is not null")
    .replaceAll(new RegExp(`${COLUMN} = any ?\\((${GIVEN}(?:\\[\\])?)\\)`, "g"), "$1 is not null")
    .replaceAll(new RegExp(`${COLUMN} = ${COLUMN}`, "g"), "true")
    .replaceAll(new RegExp(`${COLUMN} = current_setting\\('orrery\\.tenants'\\)`, "g"), "true")
    .replaceAll(
      new RegExp(`\\(${COLUMN}, ([^(),]+)\\) in (${PARENTHESISED})`, "g"),
      "exists (select from $2 as given (its_tenant, its_key) where its_key = $1)",
    );

/** Leaves the connection's own rights in force. */
export const withoutRole: Rewrite = (text) =>
  text
    .replaceAll("set_config('role'", "set_config('orrery.no_role'")
    .replaceAll(/set (local )?role \w+/g, "set $1orrery.no_role = ''");

/** Sets the transaction's tenants to somebody else, whatever was asked for. */
export const forAnotherTenant: Rewrite = (text) =>
  text
    .replaceAll(
      new RegExp(`set_config\\('orrery\\.tenants', (${GIVEN})`, "g"),
      "set_config('orrery.tenants', 'nobody' || left($1, 0)",
    )
    .replaceAll(/set local orrery\.tenants = '[^']*'/g, "set local orrery.tenants = 'nobody'");
