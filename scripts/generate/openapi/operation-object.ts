import { STATUS_CODES } from "node:http";
import {
  type Operation,
  type OperationId,
  SIGNED_LINK,
} from "../../../packages/common/src/contracts/operations.ts";
import type { OperationReference } from "../../../packages/common/src/contracts/reference/operation-reference.ts";
import { limitGroupOf } from "../../../services/gateway/src/limits/limit.ts";
import type { CollectedRoute } from "./collect-routes.ts";
import type { ShownExample } from "./examples.ts";
import { type HeaderName, headersOf, VERSIONED } from "./headers.ts";
import { errorsOf, properties } from "./operation-errors.ts";
import { isRefused, parametersOf } from "./parameters.ts";
import { ANY_PROBLEM, type ProblemResponses } from "./problem-responses.ts";
import type { Schema, SchemaComponents } from "./schema-components.ts";

/** Everything that is known of an operation. */
export interface DocumentedOperation {
  readonly id: OperationId;
  readonly operation: Operation;
  readonly route: CollectedRoute;
  readonly reference: OperationReference;
  readonly examples: readonly ShownExample[];
}

/** Where what many operations share is kept. */
export interface Shared {
  readonly schemas: SchemaComponents;
  readonly problems: ProblemResponses;
}

export function operationObject(documented: DocumentedOperation, shared: Shared): Schema {
  const { id, operation, route, reference, examples } = documented;
  const parameters = parametersOf(operation, route, reference, shared.schemas, examples);
  const requestBody = requestBodyOf(documented, shared);
  return {
    operationId: id,
    tags: [reference.tag],
    summary: reference.summary,
    ...(reference.description !== undefined && { description: reference.description }),
    security: securityOf(operation),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: {
      ...successesOf(documented, shared),
      ...shared.problems.of(errorsOf(operation, route, reference), examples),
      default: ANY_PROBLEM_REFERENCE,
    },
  };
}

const ANY_PROBLEM_REFERENCE = { $ref: "#/components/responses/AnyProblem" };
export const ANY_PROBLEM_COMPONENT = { AnyProblem: ANY_PROBLEM };

function securityOf({ scope }: Operation): Schema[] {
  if (scope === SIGNED_LINK) return [{ signedLink: [] }];
  return [{ apiKey: [scope] }, { bearer: [scope] }];
}

function requestBodyOf(
  { operation, route, examples }: DocumentedOperation,
  { schemas }: Shared,
): Schema | undefined {
  const shown = Object.fromEntries(
    examples
      .filter((shown) => shown.example.body !== undefined && !isRefused(shown))
      .map(({ name, example }) => [name, { summary: example.summary, value: example.body }]),
  );
  if (operation.maxBodyBytes !== undefined) {
    const schema = { type: "string", format: "binary" };
    return { required: true, content: { "*/*": { schema, examples: shown } } };
  }
  // An action says all in its path: an empty object may be sent, and need not be.
  if (Object.keys(properties(route.body)).length === 0 || route.body === undefined)
    return undefined;
  const content = { schema: schemas.refer(route.body), examples: shown };
  return { required: true, content: { "application/json": content } };
}

/** The media type of an answer that no schema describes. */
const UNSCHEMED = { file: "*/*", events: "text/event-stream" } as const;

function successesOf(documented: DocumentedOperation, shared: Shared): Record<string, Schema> {
  const { id, route, reference } = documented;
  const responses: Record<string, Schema> = {};
  for (const [status, schema] of Object.entries(route.response ?? {})) {
    const content =
      schema["type"] === "null"
        ? undefined
        : { "application/json": withExamples(shared.schemas.refer(schema), status, documented) };
    responses[status] = success(status, documented, content);
  }
  const { kind } = reference;
  if (kind === "file" || kind === "events") {
    const body = kind === "file" ? { type: "string", format: "binary" } : { type: "string" };
    const content = { [UNSCHEMED[kind]]: withExamples(body, "200", documented) };
    responses["200"] = success("200", documented, content);
    if (kind === "file") {
      responses["206"] = success("206", documented, { [UNSCHEMED.file]: { schema: body } });
    }
  }
  if (Object.keys(responses).length === 0) throw new Error(`${id} has no response schema`);
  if (kind === "cached" || kind === "file") {
    responses["304"] = success("304", documented, undefined);
  }
  return responses;
}

function withExamples(schema: Schema, status: string, { examples }: DocumentedOperation): Schema {
  const shown = examples.filter(({ example }) => String(example.status) === status);
  if (shown.length === 0) return { schema };
  const values = shown.map(({ name, example, answer }) => [
    name,
    { summary: example.summary, value: answer.body },
  ]);
  return { schema, examples: Object.fromEntries(values) as Schema };
}

function success(
  status: string,
  { operation, route, reference }: DocumentedOperation,
  content: Schema | undefined,
): Schema {
  const said = STATUS_CODES[status] ?? status;
  const isStored = operation.method === "POST" && route.idempotency.effect !== "detect";
  const names: HeaderName[] = [...VERSIONED];
  if (limitGroupOf(operation) !== undefined) names.push("RateLimit", "RateLimit-Policy");
  if (isStored && status !== "202") names.push("Idempotent-Replayed");
  if (reference.honoursPrefer) names.push("Preference-Applied");
  if (reference.kind === "cached" || reference.kind === "file") names.push("ETag", "Cache-Control");
  if (reference.kind === "cached") names.push("X-Cache");
  if (reference.kind === "events") names.push("Cache-Control");
  if (reference.kind === "file" && status !== "304") names.push("Accept-Ranges");
  if (status === "206") names.push("Content-Range");
  const own = reference.headers ?? [];
  const hasLocation = status === "201" ? route.response?.["202"] === undefined : status === "202";
  if (own.includes("location") && hasLocation) names.push("Location");
  if (own.includes("retry-after") && status === "202") names.push("Retry-After");
  if (own.includes("cache-control")) names.push("Cache-Control");
  return {
    description: reference.answers?.[Number(status)] ?? `${said}.`,
    headers: headersOf(names),
    ...(content && { content }),
  };
}
