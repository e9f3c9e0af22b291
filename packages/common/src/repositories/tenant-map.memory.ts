/** Rows of many tenants in memory; one tenant's keys never meet another's. */
export class TenantMap<Row> {
  readonly #tenants = new Map<string, Map<string, Row>>();

  get(tenantId: string, key: string): Row | undefined {
    return this.#tenants.get(tenantId)?.get(key);
  }

  set(tenantId: string, key: string, row: Row): void {
    const rows = this.#tenants.get(tenantId) ?? new Map<string, Row>();
    this.#tenants.set(tenantId, rows);
    rows.set(key, row);
  }

  delete(tenantId: string, key: string): void {
    this.#tenants.get(tenantId)?.delete(key);
  }

  clear(): void {
    this.#tenants.clear();
  }

  tenantIds(): string[] {
    return [...this.#tenants.keys()];
  }

  values(tenantId: string): Row[] {
    return [...(this.#tenants.get(tenantId)?.values() ?? [])];
  }
}
