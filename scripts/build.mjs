// Builds dist/<service>/main.js: each service with everything it imports in one file and its chunks, so
// that an image needs Node and that folder alone. Started as `node dist/<service>/main.js`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** What is run in production, and where its entry lies; the command line brings the migrations. */
const ENTRIES = {
  gateway: "services/gateway",
  billing: "services/billing",
  catalog: "services/catalog",
  cli: "packages/cli",
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
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
  console.log(`dist/${name}/main.js  ${seconds} s`);
}

function writeManifest(name, folder, target) {
  const { version } = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  mkdirSync(target, { recursive: true });
  const manifest = { name: `@orrery/${name}`, version, private: true, type: "module" };
  writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
