import { existsSync } from "node:fs";

/** A file of the API reference: what it is served as, and where it is read from. */
export interface ReferenceFile {
  /** Its name on the wire, below `/docs/`. */
  readonly name: string;
  readonly type: string;
  readonly source: URL;
}

export const OPENAPI_FILE = "openapi.json";

const TYPES: Readonly<Record<string, string>> = {
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "swagger-ui.css": "text/css; charset=utf-8",
  "favicon-32x32.png": "image/png",
};

/** Beside a built gateway, where `npm run build` puts them; the sources have no such folder. */
const BUILT = new URL("./reference/", import.meta.url);

/** The document, then what its page is made of. */
export function referenceFiles(): ReferenceFile[] {
  const isBuilt = existsSync(BUILT);
  const document = isBuilt
    ? new URL(OPENAPI_FILE, BUILT)
    : new URL("../../../../docs/openapi.json", import.meta.url);
  return [
    { name: OPENAPI_FILE, type: "application/json; charset=utf-8", source: document },
    ...Object.entries(TYPES).map(([name, type]) => ({
      name,
      type,
      source: isBuilt
        ? new URL(name, BUILT)
        : new URL(import.meta.resolve(`swagger-ui-dist/${name}`)),
    })),
  ];
}
