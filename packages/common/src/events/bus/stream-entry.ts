import { type Static, Type } from "typebox";
import type { AnnouncedEvent, DomainEvent } from "../../contracts/events.ts";
import { compileCheck } from "../../contracts/schema-check.ts";
import { TENANT_ID_PATTERN } from "../../contracts/tenant-id.ts";

/** What every release's events have; one that adds a field is still known by these. */
const Entry = Type.Object({
  id: Type.String({ format: "uuid" }),
  type: Type.String({ pattern: "^[a-z][a-z0-9._-]{0,99}$" }),
  tenantId: Type.String({ pattern: TENANT_ID_PATTERN }),
  occurredAt: Type.String({ format: "date-time" }),
  payload: Type.Unknown(),
});

const check = compileCheck(Entry);

export function writeEntry(event: DomainEvent): string {
  return JSON.stringify(event);
}

/** An event of any release's catalogue. Undefined: the text is no event at all. */
export function readEntry(text: string | undefined): AnnouncedEvent | undefined {
  try {
    const entry: unknown = JSON.parse(text ?? "");
    if (check(entry).length > 0) return undefined;
    const { id, type, tenantId, occurredAt, payload } = entry as Static<typeof Entry>;
    const announced = { id, type, tenantId, occurredAt: new Date(occurredAt), payload };
    return Number.isNaN(announced.occurredAt.getTime()) ? undefined : announced;
  } catch {
    return undefined;
  }
}
