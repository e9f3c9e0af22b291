/** What a credential may be allowed to do. */
export const SCOPES = [
  "billing:write",
  "billing:read",
  "catalog:write",
  "catalog:read",
  "admin",
] as const;

export type Scope = (typeof SCOPES)[number];

export function isScope(value: string): value is Scope {
  return (SCOPES as readonly string[]).includes(value);
}
