import pg from "pg";
import { type LoginService, SERVICE_LOGINS } from "../database-roles.ts";

/**
 * Gives the services' logins their passwords, as the owner of a database that is looked after by the
 * program itself; elsewhere an operator does.
 */
export async function provisionLogins(
  ownerUrl: string,
  passwords: Readonly<Record<LoginService, string>>,
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    for (const [service, login] of Object.entries(SERVICE_LOGINS)) {
      const password = client.escapeLiteral(passwords[service as LoginService]);
      await client.query(`alter role ${login} password ${password}`);
    }
  } finally {
    await client.end();
  }
}

/** The owner's URL with a service's login in place of the owner. */
export function loginUrl(ownerUrl: string, service: LoginService, password: string): string {
  const url = new URL(ownerUrl);
  url.username = SERVICE_LOGINS[service];
  url.password = encodeURIComponent(password);
  return url.href;
}
