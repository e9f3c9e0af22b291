/** What a tenant id looks like, after trimming. */
export const TENANT_ID_PATTERN = "^[A-Za-z0-9_-]{1,64}$";

const TENANT_ID = new RegExp(TENANT_ID_PATTERN);

export function isTenantId(value: string): boolean {
  return TENANT_ID.test(value);
}
