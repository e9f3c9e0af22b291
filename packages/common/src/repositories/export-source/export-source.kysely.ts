import type pg from "pg";
import type { Clock } from "../../contracts/clock.ts";
import type { Database } from "../database.ts";
import { REQUEST_ROLE } from "../database-roles.ts";
import type { ExportProgress } from "../export/export-job.ts";
import { CopyOut } from "./copy-out.ts";
import { EXPORT_QUERIES, EXPORT_SETTINGS } from "./export-queries.ts";
import type { ExportContent, ExportRequest, ExportSource } from "./export-source.ts";
import { RowEncoder } from "./row-encoder.ts";

export interface KyselyExportSourceOptions {
  /** Each reading holds a connection of its pool from its beginning to its end. */
  readonly database: Pick<Database, "pool">;
  /** The longest that the rows may take, whoever is slow. */
  readonly maxMs: number;
  /** Left out: the database's own clock, which all instances share. */
  readonly clock?: Clock;
}

/** Pieces have about so many bytes. */
const PIECE_BYTES = 128 * 1_024;

/** Rows from Postgres by COPY, at the pace at which they are taken. */
export class KyselyExportSource implements ExportSource {
  readonly #options: KyselyExportSourceOptions;

  constructor(options: KyselyExportSourceOptions) {
    this.#options = options;
  }

  read(tenantId: string, request: ExportRequest, signal: AbortSignal): ExportContent {
    return new CopiedContent(this.#options, { tenantId, ...request }, signal);
  }
}

type TenantRequest = ExportRequest & { readonly tenantId: string };

class CopiedContent implements ExportContent {
  readonly #options: KyselyExportSourceOptions;
  readonly #request: TenantRequest;
  readonly #signal: AbortSignal;
  readonly #encoder: RowEncoder;
  #bytes = 0;
  #estimatedRows: number | undefined;

  constructor(options: KyselyExportSourceOptions, request: TenantRequest, signal: AbortSignal) {
    this.#options = options;
    this.#request = request;
    this.#signal = signal;
    this.#encoder = new RowEncoder(EXPORT_QUERIES[request.kind].columns, request.format);
  }

  get progress(): ExportProgress {
    const written = { rows: this.#encoder.rows, bytes: this.#bytes };
    if (this.#estimatedRows === undefined) return written;
    return { ...written, estimatedRows: this.#estimatedRows };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    const { select } = EXPORT_QUERIES[this.#request.kind];
    const client = await this.#options.database.pool.connect();
    let isWhole = false;
    try {
      await begin(client, this.#request, this.#options);
      this.#estimatedRows = await estimateRows(client, select);
      const text = `copy (${select}) to stdout (format binary)`;
      const copy = client.query(new CopyOut(text, this.#encoder, PIECE_BYTES));
      const onAbort = () => copy.fail(this.#signal.reason);
      this.#signal.addEventListener("abort", onAbort, { once: true });
      if (this.#signal.aborted) onAbort();
      try {
        while (await copy.more()) yield this.#take();
      } finally {
        this.#signal.removeEventListener("abort", onAbort);
      }
      this.#encoder.end();
      await client.query("commit");
      if (copy.rowCount !== this.#encoder.rows) {
        throw new Error(`COPY sent ${copy.rowCount} rows, ${this.#encoder.rows} arrived`);
      }
      isWhole = true;
    } catch (error) {
      this.#signal.throwIfAborted();
      throw error;
    } finally {
      // A connection in the middle of COPY is good for nothing else.
      client.release(!isWhole);
    }
    if (this.#encoder.length > 0) yield this.#take();
  }

  #take(): Uint8Array {
    const piece = this.#encoder.take();
    this.#bytes += piece.length;
    return piece;
  }
}

/** A transaction that can read the tenant's rows and do nothing else. */
async function begin(
  client: pg.PoolClient,
  { tenantId, from, to }: TenantRequest,
  { maxMs, clock }: KyselyExportSourceOptions,
): Promise<void> {
  const { tenant, from: since, to: until, at } = EXPORT_SETTINGS;
  await client.query("begin transaction read only");
  await client.query(
    `select set_config('role', $1, true), set_config('${tenant}', $2, true),
      set_config('${since}', coalesce($3, '-infinity'), true),
      set_config('${until}', coalesce($4, 'infinity'), true),
      set_config('${at}', coalesce($5, clock_timestamp()::text), true),
      set_config('statement_timeout', $6, true)`,
    [
      REQUEST_ROLE,
      tenantId,
      from?.toISOString(),
      to?.toISOString(),
      clock === undefined ? undefined : new Date(clock()).toISOString(),
      String(maxMs),
    ],
  );
}

async function estimateRows(client: pg.PoolClient, select: string): Promise<number> {
  const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: { "Plan Rows": number } }] }>(
    `explain (format json) ${select}`,
  );
  return rows[0]?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
}
