import type { ClosedLedger } from "../ledger/history.ts";
import type { EntryRecord } from "./entry-record.ts";

/** An entry by its id; null when it was deleted. */
export type ChangeRecord = readonly [id: string, entry: EntryRecord | null];

/** One line of the file. */
export type JournalLine =
  | { readonly kind: "start"; readonly version: 1; readonly passphrase: string }
  | {
      readonly kind: "ledger";
      readonly closed: ClosedLedger;
      readonly changes: readonly ChangeRecord[];
    }
  | {
      readonly kind: "changes";
      readonly ledger: number;
      readonly changes: readonly ChangeRecord[];
    };
