import { runTool, withPlantedTree } from "./command.ts";
import { root } from "./source-tree.ts";

/** Three faults, each of which must be found under the name of its rule. */
const plantedDocument = {
  "openapi.json": JSON.stringify({
    openapi: "3.1.1",
    info: { title: "Planted", version: "1", license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/" }],
    security: [],
    tags: [{ name: "Planted", description: "Planted." }],
    paths: {
      "/vaults/{userId}": {
        get: {
          tags: ["Planted"],
          summary: "Planted",
          responses: {
            "200": {
              description: "OK.",
              content: {
                "application/json": {
                  schema: { type: "integer" },
                  examples: { a: { value: "b" } },
                },
              },
            },
            "4XX": { description: "No." },
          },
        },
      },
    },
  }),
};
const plantedFaults = [
  "operation-operationId",
  "path-parameters-defined",
  "no-invalid-media-type-examples",
];

// The linter works alone: it asks nobody for news and tells nobody that it runs.
Object.assign(process.env, { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" });
const lint = (document: string, directory: string) =>
  runTool(
    "redocly",
    ["lint", "--config", `${root}/scripts/checks/redocly.yaml`, "--format", "stylish", document],
    directory,
  );

const { exitCode, output } = lint("docs/openapi.json", root);
process.stdout.write(output);
if (exitCode !== 0) process.exitCode = exitCode;

const planted = withPlantedTree(plantedDocument, (directory) => lint("openapi.json", directory));
const missed = plantedFaults.filter((rule) => !planted.output.includes(rule));
if (missed.length > 0) {
  console.error(`The linter passed over a planted ${missed.join(", ")}:\n${planted.output}`);
  process.exitCode = 1;
}
