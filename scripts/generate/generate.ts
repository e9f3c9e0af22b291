import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { boardJson } from "../../infra/src/dashboards/board-json.ts";
import { BOARDS } from "../../infra/src/dashboards/boards.ts";
import { openApiTypes, operationTable } from "../../packages/client/generate/client-files.ts";
import { readConfigVariables } from "./config-variables.ts";
import { envExample, readmeWithTable } from "./configuration-files.ts";
import { errorsPage } from "./errors-page.ts";
import { metricsPage } from "./metrics-page.ts";
import { openApiDocument } from "./openapi/openapi-document.ts";
import type { Schema } from "./openapi/schema-components.ts";
import { prometheusRules } from "./prometheus-rules.ts";

// `generate.ts` writes the generated files; `generate.ts --check` fails when one of them would change.

const root = fileURLToPath(new URL("../..", import.meta.url));
const isCheck = process.argv.includes("--check");

const read = (path: string) => {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
};

/** Made once: the client is generated from it too. */
let openApi: Promise<Schema> | undefined;
const document = () => (openApi ??= openApiDocument(root));
const CLIENT = "packages/client/src/generated";

/** Path → what stands there after generating; each is made on its own, so that all faults show. */
const generated: Readonly<Record<string, () => string | Promise<string>>> = {
  ".env.example": async () => envExample(await readConfigVariables(root)),
  "README.md": async () => readmeWithTable(read("README.md"), await readConfigVariables(root)),
  "docs/errors.md": errorsPage,
  "docs/metrics.md": metricsPage,
  "infra/k8s/components/monitoring/prometheus-rules.yaml": () => prometheusRules(root),
  ...Object.fromEntries(
    BOARDS.map((board) => [`infra/grafana/dashboards/${board.uid}.json`, () => boardJson(board)]),
  ),
  "docs/openapi.json": async () => `${JSON.stringify(await document(), null, 2)}\n`,
  [`${CLIENT}/openapi.ts`]: async () => openApiTypes(await document()),
  [`${CLIENT}/operations.ts`]: async () => operationTable(await document()),
};

for (const [path, make] of Object.entries(generated)) {
  try {
    const text = await make();
    if (text === read(path)) continue;
    if (isCheck) {
      console.error(`${path} is not what its source gives: run \`npm run generate\``);
      process.exitCode = 1;
    } else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
      console.log(`wrote ${path}`);
    }
  } catch (error) {
    console.error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
