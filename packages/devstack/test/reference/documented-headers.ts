import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../src/stack/project-root.ts";

interface Response {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

interface Documented {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Response>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
  readonly components: {
    readonly responses: Readonly<Record<string, Response>>;
    readonly headers: Readonly<Record<string, { readonly required?: boolean }>>;
  };
}

/** What the OpenAPI document says of headers. */
export class DocumentedHeaders {
  readonly #document: Document;
  readonly #operations: ReadonlyMap<string, Documented>;

  constructor() {
    const text = readFileSync(join(PROJECT_ROOT, "docs/openapi.json"), "utf8");
    this.#document = JSON.parse(text) as Document;
    const operations = Object.values(this.#document.paths).flatMap((path) => Object.values(path));
    this.#operations = new Map(operations.map((operation) => [operation.operationId, operation]));
  }

  /** Headers of an answer, in lower case, that the document does not say it has, or says and it has not. */
  faults(operationId: string, status: number, answered: Headers): string[] {
    const response = this.#response(operationId, status);
    const documented = Object.keys(response.headers ?? {});
    const { headers } = this.#document.components;
    const known = Object.keys(headers);
    const lacking = documented.filter((name) => headers[name]?.required && !answered.has(name));
    const unsaid = known.filter((name) => answered.has(name) && !documented.includes(name));
    return [...lacking.map((name) => `no ${name}`), ...unsaid.map((name) => `unsaid ${name}`)];
  }

  #response(operationId: string, status: number): Response {
    const response = this.#operations.get(operationId)?.responses[String(status)];
    if (response === undefined) throw new Error(`${operationId} is not documented with ${status}`);
    const name = response.$ref?.split("/").at(-1) ?? "";
    return this.#document.components.responses[name] ?? response;
  }
}
