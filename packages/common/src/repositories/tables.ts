import type { ColumnType } from "kysely";

/** TIMESTAMPTZ: read as Date, written as Date or RFC 3339. */
export type Timestamp = ColumnType<Date, Date | string, Date | string>;
/** As Timestamp, filled by the database when left out. */
export type DefaultedTimestamp = ColumnType<Date, Date | string | undefined, Date | string>;
/** BIGINT and NUMERIC: read as exact decimal strings, never as numbers. */
export type Exact = ColumnType<string, string | bigint, string | bigint>;
