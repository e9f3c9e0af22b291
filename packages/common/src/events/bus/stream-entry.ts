import { type Static, Type } from "typebox";
import { assertEvent, type DomainEvent } from "../../contracts/events.ts";
import { compileCheck } from "../../contracts/schema-check.ts";
import { TENANT_ID_PATTERN } from "../../contracts/tenant-id.ts";

const Entry = Type.Object(
  {
    id: Type.String({ format: "uuid" }),
    type: Type.String(),
    tenantId: Type.String({ pattern: TENANT_ID_PATTERN }),
    occurredAt: Type.String({ format: "date-time" }),
    payload: Type.Unknown(),
  },
  { additionalProperties: false },
);

const check = compileCheck(Entry);

export function writeEntry(event: DomainEvent): string {
  return JSON.stringify(event);
}

/** Undefined: the text is no event of the catalogue. */
export function readEntry(text: string | undefined): DomainEvent | undefined {
  try {
    const entry: unknown = JSON.parse(text ?? "");
    if (check(entry).length > 0) return undefined;
    const { occurredAt, ...event } = entry as Static<typeof Entry>;
    assertEvent(event);
    return { ...event, occurredAt: new Date(occurredAt) } as DomainEvent;
  } catch {
    return undefined;
  }
}
