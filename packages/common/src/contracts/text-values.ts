import type { TSchema } from "typebox";

/**
 * Turns text (environment, query string) into the types that the schema wants, strictly: what does
 * not parse whole stays text, so that validation names it instead of a default hiding it.
 */
export function parseTextValues(
  schema: TSchema,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const properties = (schema as { properties?: Record<string, TSchema> }).properties ?? {};
  const parsed: Record<string, unknown> = { ...values };
  for (const [name, property] of Object.entries(properties)) {
    const value = parsed[name];
    if (value === undefined) {
      const fallback = (property as { default?: unknown }).default;
      if (fallback !== undefined) parsed[name] = fallback;
    } else if (typeof value === "string") {
      parsed[name] = parseText((property as { type?: string }).type, value);
    }
  }
  return parsed;
}

function parseText(type: string | undefined, text: string): unknown {
  if (type === "integer" && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === "number" && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}
