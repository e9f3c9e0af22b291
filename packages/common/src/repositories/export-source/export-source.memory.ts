import { type Clock, systemClock } from "../../contracts/clock.ts";
import type { TimePosition } from "../../contracts/keyset-page.ts";
import type { ExportProgress } from "../export/export-job.ts";
import type { StreamRepository } from "../stream/stream-repository.ts";
import type { UsageEvent } from "../usage-event/usage-event.ts";
import {
  ACTIVITY_COLUMNS,
  type ExportColumn,
  STREAM_COLUMNS,
  USAGE_COLUMNS,
} from "./export-columns.ts";
import type { ExportContent, ExportRequest, ExportSource } from "./export-source.ts";
import { headerText, rowText } from "./row-text.ts";

export interface MemoryExportSourceOptions {
  readonly events: { values(tenantId: string): readonly UsageEvent[] };
  readonly streams: Pick<StreamRepository, "list" | "listActivity">;
  readonly clock?: Clock;
}

/** A row's place in the file, and its line. */
interface Line {
  readonly at: Date;
  readonly id: string;
  readonly text: string;
}

const PAGE = 100;

/** Rows of the memory adapters. */
export class MemoryExportSource implements ExportSource {
  readonly #options: MemoryExportSourceOptions;

  constructor(options: MemoryExportSourceOptions) {
    this.#options = options;
  }

  read(tenantId: string, request: ExportRequest, signal: AbortSignal): ExportContent {
    return new ListedContent(request, signal, () => this.#linesOf(tenantId, request));
  }

  async #linesOf(tenantId: string, { kind, format }: ExportRequest): Promise<Line[]> {
    const lineOf = <Row>(columns: readonly ExportColumn<Row>[], row: Row) =>
      rowText(
        columns,
        columns.map(({ valueOf }) => valueOf(row)),
        format,
      );
    switch (kind) {
      case "usage":
        return this.#options.events.values(tenantId).map((event) => ({
          at: event.createdAt,
          id: event.id,
          text: lineOf(USAGE_COLUMNS, event),
        }));
      case "streams": {
        const asOf = new Date((this.#options.clock ?? systemClock)());
        const streams = await all(async (after) => {
          const page = await this.#options.streams.list(tenantId, {}, pageAfter(after));
          return { rows: page.streams.map((row) => ({ ...row, at: row.createdAt })), ...page };
        });
        return streams.map(({ at, ...stream }) => ({
          at,
          id: stream.id,
          text: lineOf(STREAM_COLUMNS, { stream, asOf }),
        }));
      }
      case "activity": {
        const events = await all(async (after) => {
          const page = await this.#options.streams.listActivity(tenantId, {}, pageAfter(after));
          return { rows: page.events.map((row) => ({ ...row, at: row.happenedAt })), ...page };
        });
        return events.map((event) => ({ ...event, text: lineOf(ACTIVITY_COLUMNS, event) }));
      }
    }
  }
}

class ListedContent implements ExportContent {
  readonly #request: ExportRequest;
  readonly #signal: AbortSignal;
  readonly #list: () => Promise<Line[]>;
  #progress: ExportProgress = { rows: 0, bytes: 0 };

  constructor(request: ExportRequest, signal: AbortSignal, list: () => Promise<Line[]>) {
    this.#request = request;
    this.#signal = signal;
    this.#list = list;
  }

  get progress(): ExportProgress {
    return this.#progress;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    const { kind, format, from, to } = this.#request;
    const lines = (await this.#list())
      .filter(({ at }) => (from === undefined || at >= from) && (to === undefined || at < to))
      .toSorted(
        (a, b) => a.at.getTime() - b.at.getTime() || Buffer.from(a.id).compare(Buffer.from(b.id)),
      );
    const header = headerText(COLUMNS[kind], format);
    this.#progress = { rows: 0, bytes: 0, estimatedRows: lines.length };
    for (const [index, text] of [header, ...lines.map((line) => line.text)].entries()) {
      this.#signal.throwIfAborted();
      const piece = Buffer.from(text);
      const bytes = this.#progress.bytes + piece.length;
      this.#progress = { ...this.#progress, rows: index, bytes };
      if (piece.length > 0) yield piece;
    }
  }
}

const COLUMNS = { usage: USAGE_COLUMNS, streams: STREAM_COLUMNS, activity: ACTIVITY_COLUMNS };

const pageAfter = (after: TimePosition | undefined) => ({
  limit: PAGE,
  ...(after !== undefined && { after }),
});

/** Every row of a list that is read page by page. */
async function all<Row extends TimePosition>(
  read: (
    after: TimePosition | undefined,
  ) => Promise<{ readonly rows: readonly Row[]; readonly hasNext: boolean }>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let hasNext = true; hasNext; ) {
    const page = await read(rows.at(-1));
    rows.push(...page.rows);
    ({ hasNext } = page);
  }
  return rows;
}
