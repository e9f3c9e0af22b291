import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATIONS, type OperationId } from "../../../packages/common/src/contracts/operations.ts";
import { TAGS } from "../../../packages/common/src/contracts/reference/operation-reference.ts";
import { REFERENCE } from "../../../packages/common/src/contracts/reference/reference.ts";
import { VERSIONS, type Version } from "../../../services/gateway/src/versions/version.ts";
import { collectRoutes } from "./collect-routes.ts";
import { type RecordedAnswers, shownExamples } from "./examples.ts";
import { HEADER_COMPONENTS } from "./headers.ts";
import {
  ANY_PROBLEM_COMPONENT,
  type DocumentedOperation,
  operationObject,
  type Shared,
} from "./operation-object.ts";
import { PROBLEM_SCHEMA, ProblemResponses } from "./problem-responses.ts";
import { readNamedSchemas, type Schema, SchemaComponents } from "./schema-components.ts";
import { serviceRoutes } from "./service-routes.ts";

const ANSWERS_FILE = "packages/common/src/contracts/reference/generated/answers.json";

const DESCRIPTION = `The multi-tenant backend for applications on Stellar: it charges an API call on chain exactly once, pays streams
by the second, and serves a catalog of tokens.

Every error is \`application/problem+json\` (RFC 9457) with a \`code\` to decide by. Money is a decimal string, never a
number; times are RFC 3339 in UTC; ids that Orrery makes are UUIDs. Lists are \`{data, meta}\`: ask for the next page with
\`meta.nextCursor\` as \`cursor\`. Every POST honours \`Idempotency-Key\`. Fields that are not known are refused. Any
request may also meet 408, 413, 414, 417 and 431, as HTTP has them.`;

const SECURITY_SCHEMES: Readonly<Record<string, Schema>> = {
  apiKey: {
    type: "apiKey",
    in: "header",
    name: "X-API-Key",
    description:
      "A key of a tenant, `ork_<env>_<id>_<secret>`. A call names the scope that it wants.",
  },
  bearer: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "A token with `tenant_id` and `scope`, or the administrator's.",
  },
  signedLink: {
    type: "apiKey",
    in: "query",
    name: "sig",
    description: "The signature of a link that Orrery gave out: the link is the credential.",
  },
};

/**
 * OpenAPI 3.1 of the current version, out of the routes as the services mount them, their schemas, the
 * operations table, the error registry, the limits and the reference.
 * @throws Error for a route without a reference or an example, a reference without a route, an example never run
 */
export async function openApiDocument(root: string): Promise<Schema> {
  const [version] = VERSIONS;
  if (version === undefined) throw new Error("there is no version to document");
  const recorded = JSON.parse(readFileSync(join(root, ANSWERS_FILE), "utf8")) as RecordedAnswers;
  const shared: Shared = {
    schemas: new SchemaComponents(await readNamedSchemas(root)),
    problems: new ProblemResponses(),
  };
  const { operations, servicePaths } = await collectRoutes();
  const paths: Record<string, Record<string, Schema>> = {};
  for (const id of Object.keys(REFERENCE) as OperationId[]) {
    const route = operations.get(id);
    if (route === undefined) throw new Error(`no service mounts ${id}`);
    const reference = REFERENCE[id];
    const examples = shownExamples(id, reference.examples, recorded);
    // Without one it would be neither tried nor attacked.
    if (examples.length === 0) throw new Error(`${id} has no example`);
    const operation = OPERATIONS[id];
    const documented: DocumentedOperation = { id, operation, route, reference, examples };
    const path = templateOf(operation.path);
    paths[path] = {
      ...paths[path],
      [operation.method.toLowerCase()]: operationObject(documented, shared),
    };
  }
  return {
    openapi: "3.1.1",
    info: infoOf(version),
    servers: serversOf(version),
    security: [{ apiKey: [] }, { bearer: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: { ...paths, ...serviceRoutes(servicePaths, version, recorded) },
    components: {
      securitySchemes: SECURITY_SCHEMES,
      headers: HEADER_COMPONENTS,
      responses: { ...ANY_PROBLEM_COMPONENT, ...shared.problems.all() },
      schemas: { ...shared.schemas.all(), Problem: PROBLEM_SCHEMA },
    },
  };
}

function infoOf({ name, deprecatedAt }: Version): Schema {
  return {
    title: "Orrery",
    version: name,
    ...(deprecatedAt && { summary: "Deprecated." }),
    description: DESCRIPTION,
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  };
}

function serversOf({ mount, aliases }: Version): Schema[] {
  return [
    { url: mount, description: "Canonical." },
    ...aliases.map((url) => ({ url, description: "The same routes, for good." })),
  ];
}

/** `/tokens/:address` is `/tokens/{address}`; what a wildcard takes is called `path`. */
function templateOf(path: string): string {
  return path.replaceAll(/:([A-Za-z]+)/g, "{$1}").replace("*", "{path}");
}
