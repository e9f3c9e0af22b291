import type { OperationReference } from "./operation-reference.ts";

const EXPORT_ID = { answer: "createExport.usage", pointer: "/id" } as const;

export const EXPORT_REFERENCE = {
  createExport: {
    tag: "Exports",
    summary: "Ask for an export",
    description:
      "The file is made in the background, also over a restart of the service. Kept for 7 days.",
    errors: ["backlog_full"],
    headers: ["location"],
    examples: {
      usage: {
        summary: "A month of usage",
        body: {
          kind: "usage",
          format: "csv",
          from: "2025-01-01T00:00:00Z",
          to: "2025-02-01T00:00:00Z",
        },
        status: 201,
      },
    },
  },
  getExport: {
    tag: "Exports",
    summary: "Get an export",
    description:
      "Once it is ready with a link to its file, which needs no other credential for an hour.",
    errors: ["export_not_found", "export_expired"],
    headers: ["cache-control"],
    examples: {
      ready: {
        summary: "Ready to be fetched",
        path: { exportId: EXPORT_ID },
        status: 200,
        until: { pointer: "/status", value: "ready" },
      },
    },
  },
  listExports: {
    tag: "Exports",
    summary: "List exports",
    description: "Those of the credential that asks, newest first.",
    headers: ["cache-control"],
    examples: { all: { summary: "One export", status: 200 } },
  },
  downloadExport: {
    tag: "Exports",
    summary: "Download an export",
    description: "`signedUrl` of the export leads here; the link is the credential.",
    errors: [
      "export_url_invalid",
      "export_url_expired",
      "export_not_found",
      "export_not_ready",
      "export_expired",
    ],
    kind: "file",
    examples: {
      usage: {
        summary: "A header, and no usage in that month",
        path: { exportId: EXPORT_ID },
        query: {
          expires: { answer: "getExport.ready", pointer: "/signedUrl", query: "expires" },
          sig: { answer: "getExport.ready", pointer: "/signedUrl", query: "sig" },
        },
        status: 200,
      },
      forged: {
        summary: "A link that nobody signed",
        path: { exportId: EXPORT_ID },
        query: {
          expires: { answer: "getExport.ready", pointer: "/signedUrl", query: "expires" },
          sig: "forged",
        },
        status: 403,
      },
    },
  },
  listExportAudit: {
    tag: "Exports",
    summary: "List who asked for an export and fetched it",
    description: "Oldest first; append-only, also past the export's retention.",
    errors: ["export_not_found"],
    examples: {
      usage: {
        summary: "Asked for, then fetched",
        path: { exportId: EXPORT_ID },
        status: 200,
        until: { pointer: "/meta/total", value: 2 },
      },
    },
  },
} as const satisfies Readonly<Record<string, OperationReference>>;
