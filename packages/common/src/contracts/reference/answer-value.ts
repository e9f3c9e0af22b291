import type { AnswerReference } from "./operation-reference.ts";

/**
 * What a reference means in the body that its example was answered with.
 * @throws Error when there is no text
 */
export function valueAt(reference: AnswerReference, body: unknown): string {
  const found = atPointer(body, reference.pointer);
  if (typeof found !== "string") {
    throw new Error(`${reference.answer} was answered with no text at ${reference.pointer}`);
  }
  if (reference.query === undefined) return found;
  const value = new URL(found, "http://relative").searchParams.get(reference.query);
  if (value === null) throw new Error(`${found} has no ${reference.query}`);
  return value;
}

/** Undefined when there is nothing. @see RFC 6901 */
export function atPointer(document: unknown, pointer: string): unknown {
  let value: unknown = document;
  for (const token of pointer.split("/").slice(1)) {
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    value = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  }
  return value;
}
