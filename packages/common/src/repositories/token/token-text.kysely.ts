import { sql } from "kysely";
import type { TokenSearch } from "./token-repository.ts";

/** A search for a text, which is in lower case. */
export type TextSearch = TokenSearch & { readonly text: string };

export const AND = sql` and `;

/** The pattern of texts that hold this one; what LIKE reads as wildcards is taken literally. */
export function patternOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}
