import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { type FieldError, ProblemError } from "../contracts/errors.ts";
import { compileCheck } from "../contracts/schema-check.ts";
import { parseTextValues } from "../contracts/text-values.ts";

type RequestPart = NonNullable<FieldError["in"]>;

const PARTS: Readonly<Record<string, RequestPart>> = {
  querystring: "query",
  params: "params",
  headers: "headers",
};

/**
 * Validates requests by their TypeBox schemas: bodies exactly as they are, query and path text
 * read strictly as the types that the schema names. Every fault is reported with its pointer.
 * @throws {ProblemError} invalid_request
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = compileCheck(schema);
  const part = httpPart === undefined ? undefined : PARTS[httpPart];
  return (data: unknown) => {
    const value = part === undefined ? data : parseTextValues(schema, data as object as never);
    const errors = check(value);
    if (errors.length === 0) return { value };
    return {
      error: new ProblemError("invalid_request", `The ${part ?? "body"} is not valid.`, {
        errors: part === undefined ? errors : errors.map((error) => ({ ...error, in: part })),
      }),
    };
  };
};
