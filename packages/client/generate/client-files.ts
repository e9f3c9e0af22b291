import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";

const HEADER = "// Generated from docs/openapi.json by `npm run generate`.\n";

/** The types of every operation's parameters, bodies and answers. */
export async function openApiTypes(document: object): Promise<string> {
  const nodes = await openapiTS(document as OpenAPI3, {
    alphabetize: false,
    // What has a default need not be sent.
    defaultNonNullable: false,
    silent: true,
  });
  return `${HEADER}\n${astToString(nodes)}`;
}

interface DocumentedPaths {
  readonly servers: readonly [{ readonly url: string }];
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly operationId?: string }>>>
  >;
}

/** What a client needs of the document at run time: method and path by operation, and the codes. */
export function operationTable(document: object): string {
  const { servers, paths } = document as DocumentedPaths;
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    "servers" in methods
      ? []
      : Object.entries(methods).map(
          ([method, { operationId = "" }]) =>
            `  ${operationId}: [${JSON.stringify(method.toUpperCase())}, ${JSON.stringify(path)}],`,
        ),
  );
  const codes = [...codesOf(document)].toSorted().map((code) => `  | ${JSON.stringify(code)}`);
  return `${HEADER}
/** Where the API is mounted. */
export const API_MOUNT = ${JSON.stringify(servers[0].url)};

/** Method and path template of every operation. */
export const OPERATIONS = {
${rows.join("\n")}
} as const;

/** Every code of an error that the API answers with. */
export type ProblemCode =
${codes.join("\n")};
`;
}

/** Of the enumerations that problem responses have. */
function codesOf(value: unknown): Set<string> {
  const codes = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { properties } = node as { properties?: { code?: { enum?: readonly string[] } } };
    for (const code of properties?.code?.enum ?? []) codes.add(code);
    for (const child of Object.values(node)) walk(child);
  };
  walk(value);
  return codes;
}
