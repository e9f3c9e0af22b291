/** Whose the keys of administration are: it acts for the platform, and no tenant has such an id. */
export const PLATFORM_TENANT = "*";

export interface IdempotencyScope {
  readonly tenantId: string;
  /** The route's template, `/tokens/:address/burns`. */
  readonly route: string;
  /** Its path parameters. */
  readonly params: Readonly<Record<string, string>>;
}

/**
 * Names the calls that share a key space: `tenant:route:name=value&…`, always three parts, in which
 * separators are percent-encoded, so that no two scopes are written alike.
 */
export function idempotencyScope({ tenantId, route, params }: IdempotencyScope): string {
  const pairs = Object.entries(params)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${escape(name)}=${escape(value)}`);
  return `${escape(tenantId)}:${escape(route)}:${pairs.join("&")}`;
}

/**
 * What a request's key is kept under: `scope:key`. The key may hold anything: a scope has three parts,
 * so that everything after them is the key.
 */
export function idempotencyToken(scope: string, key: string): string {
  return `${scope}:${key}`;
}

/** The template of the route that a token is of. */
export function routeOfToken(token: string): string {
  const [, route = ""] = token.split(":", 2);
  return decodeURIComponent(route);
}

/** Slashes stay, for whoever reads a token. */
function escape(part: string): string {
  return encodeURIComponent(part.toWellFormed()).replaceAll("%2F", "/");
}
