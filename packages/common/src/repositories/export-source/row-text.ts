import type { ExportFormat } from "../export/export-job.ts";
import type { CellType } from "./export-columns.ts";

interface NamedColumn {
  readonly name: string;
  readonly type: CellType;
}

/** Lines of CSV end so. @see RFC 4180, section 2 */
const CRLF = "\r\n";
/** What a spreadsheet takes a cell that begins with it for: a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** The line before the rows: the columns' names in CSV, nothing in NDJSON. */
export function headerText(columns: readonly NamedColumn[], format: ExportFormat): string {
  return format === "csv" ? columns.map(({ name }) => name).join(",") + CRLF : "";
}

/**
 * One row as a line of the file, said plainly: `RowEncoder` writes the same bytes from what Postgres
 * sends. `values`: one per column, in its canonical text.
 */
export function rowText(
  columns: readonly NamedColumn[],
  values: readonly (string | null)[],
  format: ExportFormat,
): string {
  const cells = columns.map(({ name, type }, index) => {
    const value = values[index] ?? null;
    return format === "csv" ? csvCell(type, value) : jsonMember(name, type, value);
  });
  return format === "csv" ? cells.join(",") + CRLF : `{${cells.join(",")}}\n`;
}

function csvCell(type: CellType, value: string | null): string {
  if (value === null) return "";
  const safe = type === "text" && FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function jsonMember(name: string, type: CellType, value: string | null): string {
  const isRaw = value === null || type === "integer" || type === "json";
  return `${JSON.stringify(name)}:${isRaw ? String(value) : JSON.stringify(value)}`;
}
