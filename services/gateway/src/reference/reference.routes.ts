import { readFileSync } from "node:fs";
import { ProblemError } from "@orrery/common/contracts/errors";
import type { FastifyInstance } from "fastify";
import { PAGE_POLICY } from "../browsers/page-policy.ts";
import { ServedFile } from "../browsers/served-file.ts";
import { OPENAPI_FILE, referenceFiles } from "./reference-files.ts";
import { PAGE, START_SCRIPT } from "./reference-page.ts";

/** What is known of a page's files, by name: no other is ever read. */
export interface ApiReference {
  readonly document: ServedFile;
  readonly page: ServedFile;
  readonly assets: ReadonlyMap<string, ServedFile>;
}

/** Reads the document and its page. @throws Error when a file is not there */
export function readReference(): ApiReference {
  const files = new Map(
    referenceFiles().map(({ name, type, source }) => [
      name,
      new ServedFile(type, readFileSync(source)),
    ]),
  );
  const document = files.get(OPENAPI_FILE);
  if (document === undefined) throw new Error("there is no OpenAPI document");
  files.delete(OPENAPI_FILE);
  files.set(
    "start.js",
    new ServedFile("text/javascript; charset=utf-8", Buffer.from(START_SCRIPT)),
  );
  const page = new ServedFile("text/html; charset=utf-8", Buffer.from(PAGE));
  return { document, page, assets: files };
}

/** `/openapi.json`, and `/docs`, which renders it: outside the versions, without a credential. */
export function registerReferenceRoutes(
  app: FastifyInstance,
  { document, page, assets }: ApiReference,
): void {
  app.get("/openapi.json", (request, reply) => document.send(request, reply));
  app.get("/docs", (request, reply) =>
    page.send(request, reply, { "content-security-policy": PAGE_POLICY }),
  );
  app.get<{ Params: { file: string } }>("/docs/:file", (request, reply) => {
    const file = assets.get(request.params.file);
    if (file === undefined) {
      throw new ProblemError("route_not_found", "There is no such file; the page is /docs.");
    }
    return file.send(request, reply);
  });
}
