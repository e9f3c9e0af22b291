import { isUuid } from "@orrery/common/contracts/id";
import { decodeTimeCursor } from "@orrery/common/contracts/keyset-page";
import { API_PREFIX } from "@orrery/common/contracts/operations";
import { originOf } from "@orrery/common/http/download/link-origin";
import { sendFile } from "@orrery/common/http/download/send-file";
import { type Answer, effectOf, sendAnswer } from "@orrery/common/http/idempotency/effect-of";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import type { ExportJob } from "@orrery/common/repositories/export/export-job";
import { windowOf } from "../time-window.ts";
import { contentTypeOf, fileNameOf } from "./export-files.ts";
import { cursorAfter, exportAuditReply, exportReply } from "./export-reply.ts";
import type { ExportService } from "./export-service.ts";
import {
  CreateExportBody,
  DownloadQuery,
  ExportAuditReply,
  ExportParams,
  ExportReply,
  ExportsQuery,
  ExportsReply,
} from "./exports.schemas.ts";

export interface ExportRoutesOptions {
  readonly exports: ExportService;
  /** Where consumers reach the gateway; undefined: as their request says. */
  readonly publicUrl: string | undefined;
}

/** A signed link is a credential. */
const NOT_KEPT = { "cache-control": "no-store" } as const;

export function registerExportRoutes(
  app: ServiceApp,
  { exports, publicUrl }: ExportRoutesOptions,
): void {
  app.route({
    ...routeOf("createExport", { effect: "transaction" }),
    schema: { body: CreateExportBody, response: { 201: ExportReply } },
    handler: async (request, reply) => {
      const { kind, format, from, to } = request.body;
      const wanted = { kind, format, ...windowOf(from, to) };
      const job = await exports.create(request.context, wanted, effectOf(reply, created));
      return sendAnswer(reply, created(job));
    },
  });

  app.route({
    ...routeOf("listExports"),
    schema: { querystring: ExportsQuery, response: { 200: ExportsReply } },
    handler: async (request, reply) => {
      const { limit, cursor } = request.query;
      const page = await exports.list(request.context, { limit, ...afterOf(cursor) });
      const { tenantId } = request.context;
      const origin = originOf(request, publicUrl);
      const last = page.jobs.at(-1);
      const { hasNext, total } = page;
      const nextCursor = cursorAfter(hasNext, last && { at: last.createdAt, id: last.id });
      void reply.headers(NOT_KEPT);
      return {
        data: page.jobs.map((job) => exportReply(job, exports.linkTo(tenantId, job), origin)),
        meta: { limit, hasNext, nextCursor, total },
      };
    },
  });

  app.route({
    ...routeOf("getExport"),
    schema: { params: ExportParams, response: { 200: ExportReply } },
    handler: async (request, reply) => {
      const job = await exports.get(request.context, request.params.exportId);
      const link = exports.linkTo(request.context.tenantId, job);
      void reply.headers(NOT_KEPT);
      return exportReply(job, link, originOf(request, publicUrl));
    },
  });

  app.route({
    ...routeOf("listExportAudit"),
    schema: {
      params: ExportParams,
      querystring: ExportsQuery,
      response: { 200: ExportAuditReply },
    },
    handler: async (request) => {
      const { limit, cursor } = request.query;
      const page = { limit, ...afterOf(cursor) };
      const { exportId } = request.params;
      return exportAuditReply(await exports.listAudit(request.context, exportId, page), limit);
    },
  });

  registerDownload(app, exports);
}

function registerDownload(app: ServiceApp, exports: ExportService): void {
  app.route({
    ...routeOf("downloadExport"),
    schema: { params: ExportParams, querystring: DownloadQuery },
    handler: async (request, reply) => {
      const opened = await exports.open(request.params.exportId, request.query);
      const { job } = opened;
      return sendFile(request, reply, {
        etag: `"${job.sha256}"`,
        bytes: job.bytes,
        contentType: contentTypeOf(job),
        // Whoever keeps a copy of the file asks again before using it.
        cacheControl: "private, no-cache",
        headers: { "content-disposition": `attachment; filename="${fileNameOf(job)}"` },
        read: (range) => exports.read(opened, range, request.id),
      });
    },
  });
}

function created(job: ExportJob): Answer {
  const headers = { location: `${API_PREFIX}/exports/${job.id}` };
  return { status: 201, body: exportReply(job, undefined, ""), headers };
}

function afterOf(cursor: string | undefined) {
  return cursor === undefined ? {} : { after: decodeTimeCursor(cursor, isUuid) };
}
