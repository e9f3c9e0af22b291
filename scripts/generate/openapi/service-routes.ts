import {
  SERVICE_REFERENCE,
  type ServiceRouteReference,
} from "../../../packages/common/src/contracts/reference/service-reference.ts";
import type { Version } from "../../../services/gateway/src/versions/version.ts";
import { type RecordedAnswers, shownExamples } from "./examples.ts";
import type { Schema } from "./schema-components.ts";

const STATE = { type: "string", enum: ["ok", "degraded", "down"] };

/** What the gateway's own answers look like, by path. */
const ANSWERS: Readonly<Record<string, Schema>> = {
  "/health": {
    type: "object",
    required: ["status", "version", "timestamp", "checks"],
    properties: {
      status: STATE,
      version: { type: "string" },
      timestamp: { type: "string", description: "RFC 3339, UTC, milliseconds." },
      checks: {
        type: "object",
        description: "`api`, and one per dependency that is configured.",
        additionalProperties: STATE,
      },
    },
  },
  "/openapi.json": { type: "object", description: "OpenAPI 3.1." },
};

const PROBE = {
  type: "object",
  required: ["status"],
  properties: { status: { type: "string" } },
};

/** The routes of the gateway that are no operations, each with the servers that it stands at. */
export function serviceRoutes(
  mounted: readonly string[],
  version: Version,
  recorded: RecordedAnswers,
): Record<string, Schema> {
  const references: Readonly<Record<string, ServiceRouteReference>> = SERVICE_REFERENCE;
  const mounts = [version.mount, ...version.aliases];
  const paths = new Set(mounted.map((url) => withoutMount(url, mounts)));
  const missing = [...paths].filter(
    (path) => references[path] === undefined && !isOfPage(path, references),
  );
  const gone = Object.keys(references).filter((path) => !paths.has(path));
  if (missing.length > 0) throw new Error(`no reference for GET ${missing.join(", ")}`);
  if (gone.length > 0) throw new Error(`the gateway has no route ${gone.join(", ")}`);
  return Object.fromEntries(
    Object.entries(references).map(([path, reference]) => [
      path,
      {
        servers: [
          ...(reference.isVersioned ? mounts : []).map((url) => ({ url })),
          { url: "/", description: "Outside the versions." },
        ],
        get: routeObject(path, reference, recorded),
      },
    ]),
  );
}

/** What a page is made of is no route to be called. */
function isOfPage(
  path: string,
  references: Readonly<Record<string, ServiceRouteReference>>,
): boolean {
  return Object.entries(references).some(
    ([page, { type }]) => type === "text/html" && path.startsWith(`${page}/`),
  );
}

function withoutMount(url: string, mounts: readonly string[]): string {
  const mount = mounts.find((prefix) => url.startsWith(`${prefix}/`));
  return mount === undefined ? url : url.slice(mount.length);
}

function routeObject(
  path: string,
  reference: ServiceRouteReference,
  recorded: RecordedAnswers,
): Schema {
  const { description, answers } = reference;
  return {
    operationId: reference.operationId,
    tags: [reference.tag],
    summary: reference.summary,
    ...(description !== undefined && { description }),
    security: [],
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, said]) => {
          const content = status === "304" ? {} : contentOf(path, status, reference, recorded);
          return [status, { description: said, headers: HEADERS, ...content }];
        }),
      ),
      "4XX": { $ref: "#/components/responses/AnyProblem" },
    },
  };
}

const HEADERS = { "X-Request-Id": { $ref: "#/components/headers/X-Request-Id" } };

function contentOf(
  path: string,
  status: string,
  { type, operationId, examples }: ServiceRouteReference,
  recorded: RecordedAnswers,
): Schema {
  const schema = type === "application/json" ? (ANSWERS[path] ?? PROBE) : { type: "string" };
  const shown = shownExamples(operationId, examples, recorded)
    .filter(({ example }) => String(example.status) === status)
    .map(({ name, example, answer }) => [name, { summary: example.summary, value: answer.body }]);
  const content = {
    schema,
    ...(shown.length > 0 && { examples: Object.fromEntries(shown) as Schema }),
  };
  return { content: { [type]: content } };
}
