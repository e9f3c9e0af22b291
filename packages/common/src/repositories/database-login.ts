import { sql } from "kysely";
import type { Database } from "./database.ts";

/**
 * Looks whether the login is held to row-level security, and to changing rows alone: a login that is
 * a superuser, that may bypass, or that owns the tables could do what a forgotten filter asks for.
 * `warn` is told what is wrong where the product is tried out.
 * @throws {Error} in production
 */
export async function assertRestrictedLogin(
  database: Database,
  { isProduction, warn }: { isProduction: boolean; warn: (text: string) => void },
): Promise<void> {
  const { rows } = await sql<LoginRights>`
    select session_user as login,
      (select rolsuper from pg_roles where rolname = session_user) as "isSuperuser",
      exists (
        select from pg_roles where rolbypassrls and pg_has_role(session_user, oid, 'member')
      ) as "mayBypass",
      exists (
        select from pg_class where relnamespace = current_schema()::regnamespace
          and relkind in ('r', 'p') and pg_has_role(session_user, relowner, 'member')
      ) as "ownsTables"
  `.execute(database.kysely);
  const [rights] = rows;
  if (rights === undefined) throw new Error("a session has a user");
  const power = powerOf(rights);
  if (power === undefined) return;
  const text = `the database user "${rights.login}" ${power}, so that row-level security does not hold it; connect as the service's own login (docs/database-logins.md)`;
  if (isProduction) throw new Error(text);
  warn(text);
}

interface LoginRights {
  readonly login: string;
  readonly isSuperuser: boolean;
  readonly mayBypass: boolean;
  readonly ownsTables: boolean;
}

function powerOf({ isSuperuser, mayBypass, ownsTables }: LoginRights): string | undefined {
  if (isSuperuser) return "is a superuser";
  if (mayBypass) return "may bypass row-level security";
  return ownsTables ? "owns the tables" : undefined;
}
