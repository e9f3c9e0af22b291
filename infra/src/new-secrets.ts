import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { clusterSecrets, environmentFile, newSecrets } from "./secrets.ts";

// Makes the secrets of a new deployment, in files that only this user may read:
//   new-secrets.ts --compose FILE                     for `docker compose --env-file FILE`
//   new-secrets.ts --cluster DIR --database host:5432/orrery --redis host:6379
//                                                     one file for each Secret, for `kubectl create secret`

const PRIVATE = 0o600;
const USAGE =
  "usage: --compose FILE, or --cluster DIR [--database HOST:PORT/NAME] [--redis HOST:PORT]";

/** Never over a file that is there: what its secrets open would be lost. */
function write(file: string, values: Readonly<Record<string, string>>): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, environmentFile(values), { mode: PRIVATE, flag: "wx" });
  process.stdout.write(`wrote ${file}\n`);
}

try {
  const { values } = parseArgs({
    options: {
      compose: { type: "string" },
      cluster: { type: "string" },
      database: { type: "string", default: "postgres:5432/orrery" },
      redis: { type: "string", default: "redis:6379" },
    },
  });
  const { compose, cluster } = values;
  if ((compose === undefined) === (cluster === undefined)) throw new Error(USAGE);
  const secrets = newSecrets();
  if (compose !== undefined) write(compose, { ...secrets });
  if (cluster !== undefined) {
    for (const [name, content] of Object.entries(clusterSecrets(secrets, values))) {
      write(join(cluster, `${name}.env`), content);
    }
  }
  process.stdout.write(`the submitter's account: ${secrets.SUBMITTER_ACCOUNT}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
