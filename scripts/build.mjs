// Builds dist/<service>/main.js: each service with everything it imports in one file and its chunks, so
// that an image needs Node and that folder alone. Started as `node dist/<service>/main.js`. And dist/client.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { referenceFiles } from "../services/gateway/src/reference/reference-files.ts";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** What is run in production, and where its entry lies; the command line brings the migrations. */
const ENTRIES = {
  gateway: "services/gateway",
  billing: "services/billing",
  catalog: "services/catalog",
  cli: "packages/cli",
  // For development alone.
  "ledger-sim": "packages/ledger-sim",
};

/** Optional parts of dependencies, which are looked for at run time and may be absent. */
const OPTIONAL = ["pg-native", "pg-cloudflare"];

for (const [name, folder] of Object.entries(ENTRIES)) {
  const startMs = performance.now();
  const target = join(ROOT, "dist", name);
  rmSync(target, { recursive: true, force: true });
  const bundle = await rolldown({
    input: { main: join(ROOT, folder, "src/main.ts") },
    cwd: join(ROOT, folder),
    platform: "node",
    external: OPTIONAL,
    logLevel: "warn",
  });
  await bundle.write({ dir: target, format: "esm", sourcemap: true, keepNames: true });
  await bundle.close();
  writeManifest(name, folder, target);
  if (name === "gateway") copyReference(target);
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
  console.log(`dist/${name}/main.js  ${seconds} s`);
}

buildClient();

/** The API reference and what its page is made of, where the built gateway looks for them. */
function copyReference(target) {
  mkdirSync(join(target, "reference"), { recursive: true });
  for (const { name, source } of referenceFiles()) {
    copyFileSync(source, join(target, "reference", name));
  }
}

/** What consumers install: JavaScript and types, file by file, made without any type of Node's. */
function buildClient() {
  const target = join(ROOT, "dist/client");
  rmSync(target, { recursive: true, force: true });
  const tsc = join(ROOT, "node_modules/.bin/tsc");
  execFileSync(tsc, ["-p", "packages/client/tsconfig.build.json"], { cwd: ROOT, stdio: "inherit" });
  const { name, version, description, license } = JSON.parse(
    readFileSync(join(ROOT, "packages/client/package.json"), "utf8"),
  );
  const entry = { types: "./orrery-client.d.ts", default: "./orrery-client.js" };
  const manifest = {
    ...{ name, version, description, license, type: "module", sideEffects: false },
    exports: { ".": entry },
  };
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of ["packages/client/README.md", "LICENSE"]) {
    copyFileSync(join(ROOT, file), join(target, file.split("/").at(-1) ?? file));
  }
  console.log("dist/client");
}

function writeManifest(name, folder, target) {
  const { version } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  mkdirSync(target, { recursive: true });
  const manifest = { name: `@orrery/${name}`, version, private: true, type: "module" };
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
