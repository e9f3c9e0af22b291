import type { Example, Tag } from "./operation-reference.ts";

/** What the reference says of a route that is no operation: without a credential, a GET. */
export interface ServiceRouteReference {
  readonly operationId: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** Of the answer. */
  readonly type: "application/json" | "text/plain" | "text/html";
  readonly answers: Readonly<Record<number, string>>;
  /** Served under the version's mounts too. */
  readonly isVersioned?: true;
  readonly examples: Readonly<Record<string, Pick<Example, "summary" | "status">>>;
}

const probe = { tag: "Service", type: "application/json" } as const;

/** The gateway's routes that are no operations, by path. */
export const SERVICE_REFERENCE = {
  "/health": {
    ...probe,
    operationId: "getHealth",
    summary: "How the services are",
    description:
      "Checks run side by side, bounded, at most once a second. `degraded` is answered 200: something is slow " +
      "or away that the gateway can do without.",
    answers: { 200: "Up, perhaps degraded.", 503: "The database, or every service, is away." },
    isVersioned: true,
    examples: {},
  },
  "/livez": {
    ...probe,
    operationId: "getLiveness",
    summary: "Whether the process serves",
    answers: { 200: "It does." },
    examples: { alive: { summary: "It serves", status: 200 } },
  },
  "/readyz": {
    ...probe,
    operationId: "getReadiness",
    summary: "Whether to send requests here",
    answers: {
      200: "Yes.",
      503: "Not now: it starts, drains, or lacks what it cannot do without.",
    },
    examples: { ready: { summary: "Ready", status: 200 } },
  },
  "/startupz": {
    ...probe,
    operationId: "getStartup",
    summary: "Whether the process has started",
    answers: { 200: "It has.", 503: "Not yet." },
    examples: { started: { summary: "Started", status: 200 } },
  },
  "/metrics": {
    operationId: "getMetrics",
    tag: "Service",
    type: "text/plain",
    summary: "Metrics of this process",
    description: "The Prometheus text format.",
    answers: { 200: "The metrics as they are now." },
    examples: {},
  },
  "/openapi.json": {
    ...probe,
    operationId: "getOpenApi",
    summary: "This document",
    description: "With an entity tag: `If-None-Match` is answered 304.",
    answers: { 200: "OpenAPI 3.1.", 304: "Unchanged." },
    examples: {},
  },
  "/docs": {
    operationId: "getReferencePage",
    tag: "Service",
    type: "text/html",
    summary: "This document, to be read",
    answers: { 200: "A page that needs nothing from elsewhere." },
    examples: {},
  },
  "/status": {
    operationId: "getStatusPage",
    tag: "Service",
    type: "text/html",
    summary: "How it goes, to be read",
    answers: { 200: "A page that needs nothing from elsewhere." },
    examples: {},
  },
} as const satisfies Readonly<Record<string, ServiceRouteReference>>;
