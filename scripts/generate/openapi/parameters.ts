import { type Operation, SIGNED_LINK } from "../../../packages/common/src/contracts/operations.ts";
import type { OperationReference } from "../../../packages/common/src/contracts/reference/operation-reference.ts";
import { TENANT_ID_PATTERN } from "../../../packages/common/src/contracts/tenant-id.ts";
import type { CollectedRoute } from "./collect-routes.ts";
import type { ShownExample } from "./examples.ts";
import { properties } from "./operation-errors.ts";
import type { Schema, SchemaComponents } from "./schema-components.ts";

/** Request headers, by their name on the wire. */
const REQUEST_HEADERS = {
  "X-Tenant-ID": {
    description: "Selects among the tenants that the credential grants; another one is refused.",
    schema: { type: "string", pattern: TENANT_ID_PATTERN },
  },
  "Idempotency-Key": {
    description:
      "1–255 printable ASCII characters of the caller's own. The same request under the same key is answered " +
      "as it was first, for 24 h.",
    schema: { type: "string", pattern: "^[ -~]{1,255}$" },
  },
  Prefer: {
    description:
      "RFC 7240: `wait=N` seconds, 30 at most, or `respond-async` for an answer at once.",
    schema: { type: "string", examples: ["wait=20", "respond-async"] },
  },
  "If-None-Match": {
    description: "Entity tags that the caller has; 304 when one of them is current.",
    schema: { type: "string" },
  },
  Range: { description: "The part of the file that is wanted.", schema: { type: "string" } },
  "Last-Event-ID": {
    description: "The id of the last event that the reader has.",
    schema: { type: "string" },
  },
} as const satisfies Readonly<Record<string, Schema>>;

type RequestHeader = keyof typeof REQUEST_HEADERS;

/** Path, query and headers of an operation, with the values that its examples have. */
export function parametersOf(
  operation: Operation,
  route: CollectedRoute,
  reference: OperationReference,
  components: SchemaComponents,
  examples: readonly ShownExample[],
): Schema[] {
  const required = (route.querystring?.["required"] ?? []) as readonly string[];
  return [
    ...Object.entries(properties(route.params)).map(([name, schema]) => {
      const shown = name === "*" ? "path" : name;
      const values = valuesOf(examples, schema, ({ path }) => path[shown]);
      return {
        name: shown,
        in: "path",
        required: true,
        ...described(schema, components),
        ...values,
      };
    }),
    ...Object.entries(properties(route.querystring)).map(([name, schema]) => ({
      name,
      in: "query",
      required: required.includes(name) && schema["default"] === undefined,
      ...described(schema, components),
      ...valuesOf(examples, schema, ({ query }) => query[name]),
    })),
    ...requestHeaders(operation, reference).map((name) => ({
      name,
      in: "header",
      required: name === "Idempotency-Key" && route.idempotency.isRequired === true,
      ...REQUEST_HEADERS[name],
      ...valuesOf(examples, {}, ({ example }) => example.headers?.[name.toLowerCase()]),
    })),
  ];
}

function requestHeaders(operation: Operation, reference: OperationReference): RequestHeader[] {
  const { scope, method } = operation;
  const { kind, honoursPrefer } = reference;
  const isOfTenant = scope !== "admin" && scope !== SIGNED_LINK;
  const chosen: readonly [boolean, RequestHeader][] = [
    [isOfTenant, "X-Tenant-ID"],
    [method === "POST", "Idempotency-Key"],
    [honoursPrefer === true, "Prefer"],
    [kind === "cached" || kind === "file", "If-None-Match"],
    [kind === "file", "Range"],
    [kind === "events", "Last-Event-ID"],
  ];
  return chosen.filter(([isTaken]) => isTaken).map(([, name]) => name);
}

/** A parameter says itself what it is. */
function described(schema: Schema, components: SchemaComponents): Schema {
  const { description, ...rest } = components.refer(schema);
  return { ...(description !== undefined && { description }), schema: rest };
}

/** Values as the schema has them, under their example's name. */
function valuesOf(
  examples: readonly ShownExample[],
  schema: Schema,
  read: (example: ShownExample) => string | undefined,
): Schema {
  const values = examples.flatMap((shown) => {
    const value = read(shown);
    if (value === undefined || isRefused(shown)) return [];
    return [[shown.name, { value: schema["type"] === "string" ? value : asTyped(value) }] as const];
  });
  return values.length === 0 ? {} : { examples: Object.fromEntries(values) };
}

/** What is not valid is no example of what to send. */
export function isRefused({ example }: ShownExample): boolean {
  return example.status === 400;
}

function asTyped(text: string): unknown {
  return /^(\d+|true|false)$/.test(text) ? JSON.parse(text) : text;
}
