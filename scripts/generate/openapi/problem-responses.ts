import { ERRORS, type ErrorCode } from "../../../packages/common/src/contracts/errors.ts";
import type { ShownExample } from "./examples.ts";
import { type HeaderName, headersOf, VERSIONED } from "./headers.ts";
import type { Schema } from "./schema-components.ts";

export const PROBLEM_SCHEMA: Schema = {
  type: "object",
  description: "RFC 9457. `code` is what to decide by; an error may have further members.",
  required: ["type", "title", "status", "detail", "instance", "code", "requestId"],
  properties: {
    type: { type: "string", description: "`urn:orrery:problem:` and the code." },
    title: { type: "string", description: "The same for every problem of the code." },
    status: { type: "integer", description: "The HTTP status." },
    detail: { type: "string", description: "What is wrong with this request, for people." },
    instance: { type: "string", description: "The path that was asked for." },
    code: { type: "string", description: "One of those in docs/errors.md." },
    requestId: { type: "string", description: "To be named when asking for help." },
    errors: {
      type: "array",
      description: "Every fault of a request that is not valid.",
      items: {
        type: "object",
        required: ["pointer", "detail"],
        properties: {
          pointer: { type: "string", description: "Where: a JSON pointer as a URI fragment." },
          detail: { type: "string" },
          in: {
            type: "string",
            description: "The part of the request, when it is not the body.",
            enum: ["query", "params", "headers"],
          },
        },
      },
    },
    contractError: {
      type: "integer",
      description: "Of `deduction_rejected`: the contract's error number.",
    },
  },
};

/** Problems that any request can meet, in the place of every status that is not listed. */
export const ANY_PROBLEM: Schema = {
  description: "Any other problem.",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

const RETRY_STATUSES = new Set([202, 409, 429, 503]);
/** Where the call counts against a limit, or was made with a preference. */
const OCCASIONAL: readonly HeaderName[] = ["RateLimit", "RateLimit-Policy", "Preference-Applied"];

function problemHeaders(status: number): HeaderName[] {
  return [
    ...VERSIONED,
    ...OCCASIONAL,
    ...(RETRY_STATUSES.has(status) ? (["Retry-After"] as const) : []),
    ...(status === 401 || status === 403 ? (["WWW-Authenticate"] as const) : []),
    ...(status === 416 ? (["Content-Range"] as const) : []),
  ];
}

/** The responses of the problems that operations can meet; equal ones stand in the document once. */
export class ProblemResponses {
  readonly #shared = new Map<string, Schema>();

  /** By status, each a reference or, with examples, the response itself. */
  of(codes: Iterable<ErrorCode>, examples: readonly ShownExample[]): Record<string, Schema> {
    const byStatus = Map.groupBy(new Set(codes), (code) => ERRORS[code].status);
    return Object.fromEntries(
      [...byStatus]
        .toSorted(([one], [other]) => one - other)
        .map(([status, ofStatus]) => {
          const shown = examples.filter(({ example }) => example.status === status);
          return [String(status), this.#response(status, ofStatus.toSorted(), shown)];
        }),
    );
  }

  /** By name. */
  all(): Record<string, Schema> {
    return Object.fromEntries(
      [...this.#shared].toSorted(([one], [other]) => (one < other ? -1 : 1)),
    );
  }

  #response(
    status: number,
    codes: readonly ErrorCode[],
    examples: readonly ShownExample[],
  ): Schema {
    const response = responseOf(status, codes, examples);
    if (examples.length > 0) return response;
    const name = codes.map(pascalCase).join("");
    this.#shared.set(name, response);
    return { $ref: `#/components/responses/${name}` };
  }
}

function responseOf(
  status: number,
  codes: readonly ErrorCode[],
  examples: readonly ShownExample[],
): Schema {
  const schema = {
    allOf: [{ $ref: "#/components/schemas/Problem" }],
    type: "object",
    properties: { code: { type: "string", enum: codes } },
  };
  return {
    description: codes.map((code) => `- \`${code}\`: ${ERRORS[code].title}.`).join("\n"),
    headers: headersOf(problemHeaders(status)),
    content: {
      "application/problem+json": {
        schema,
        ...(examples.length > 0 && {
          examples: Object.fromEntries(
            examples.map(({ name, example, answer }) => [
              name,
              { summary: example.summary, value: answer.body },
            ]),
          ),
        }),
      },
    },
  };
}

function pascalCase(code: string): string {
  return code.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
