import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newSecrets } from "../secrets.ts";
import { runBuildStage } from "./build-stage.ts";
import {
  copyStepsOf,
  environmentOf,
  having,
  healthCommandOf,
  imageStages,
  inherited,
  type Stage,
  wordsOf,
} from "./dockerfile.ts";
import { Jail, USER_ID } from "./jail.ts";

// `try-images.ts [target…]`: without a container engine, does what the Dockerfile does. It builds in a clean folder as
// an unprivileged user, puts together what each image would hold, and starts it from there with nothing else in reach:
// no shell, no file that may be written. Takes about a minute; needs Linux, git and root or user namespaces.

/** An image has less than 200 MB; its base has 30 of them. */
const LIMIT_BYTES = 170e6;
const START_TIMEOUT_MS = 60_000;
const NODE = "/usr/local/bin/node";

const secrets = newSecrets();
/** What each image is started with here: state in memory, and no network. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  gateway: { CONTEXT_SIGNING_KEYS: secrets.CONTEXT_SIGNING_KEYS },
  billing: {
    CONTEXT_SIGNING_KEYS: secrets.CONTEXT_SIGNING_KEYS,
    EXPORT_URL_KEYS: secrets.EXPORT_URL_KEYS,
    SOROBAN_RPC_ENABLED: "false",
    OBJECT_STORE_DIR: "/volume",
  },
  catalog: {
    CONTEXT_SIGNING_KEYS: secrets.CONTEXT_SIGNING_KEYS,
    MEDIA_URL_KEYS: secrets.MEDIA_URL_KEYS,
    OBJECT_STORE_DIR: "/volume",
  },
  "ledger-sim": { GENESIS_ACCOUNTS: secrets.SUBMITTER_ACCOUNT },
};

const say = (line: string) => process.stdout.write(`${line}\n`);
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function check(isTrue: boolean, promise: string, output = ""): void {
  if (!isTrue) throw new Error(`not so: ${promise}\n${output}`);
  say(`  ✓ ${promise}`);
}

async function tryImage(stage: Stage, folder: string): Promise<void> {
  say(stage.name);
  const jail = new Jail(join(folder, stage.name));
  for (const step of copyStepsOf(stage)) jail.copy(step, join(folder, "src"));
  check(jail.sizeBytes < LIMIT_BYTES, `${megabytes(jail.sizeBytes)} beside its base`);
  jail.addLibraries(NODE);
  jail.addVolume("/volume");
  check(!jail.has("/bin/sh") && !jail.has("/usr/bin"), "no shell, no package manager");

  const image = Object.fromEntries(environmentOf(stage));
  const attempt = jail.start([NODE, "-e", 'require("fs").writeFileSync("/app/a", "")'], image);
  check((await attempt.exited) !== 0, "its files cannot be written", attempt.output);

  const entry = wordsOf(having(stage, "ENTRYPOINT")[0] ?? failNoEntry(stage));
  const health = healthCommandOf(stage);
  if (health === undefined) {
    const help = jail.start([...entry, "--help"], image);
    check((await help.exited) === 0, "answers --help", help.output);
    return;
  }
  if (stage.name !== "ledger-sim") {
    const unset = jail.start(entry, image);
    check((await unset.exited) === 1, "refuses to start unconfigured", unset.output);
    check(
      unset.output.includes("CONTEXT_SIGNING_KEYS"),
      "… and says what is missing",
      unset.output,
    );
  }
  await tryService(stage, jail, entry, health, image);
}

async function tryService(
  stage: Stage,
  jail: Jail,
  entry: readonly string[],
  health: readonly string[],
  image: Readonly<Record<string, string>>,
): Promise<void> {
  const port = await freePort();
  const prefix = stage.name === "ledger-sim" ? "LEDGER" : stage.name.toUpperCase();
  const service = jail.start(entry, {
    ...image,
    ...SETTINGS[stage.name],
    NODE_ENV: "development",
    PERSISTENCE: "memory",
    [`${prefix}_PORT`]: String(port),
  });
  try {
    const command = health.map((word) => word.replace(/:\d+(?=\/|$)/, `:${port}`));
    const startedMs = performance.now();
    let isHealthy = false;
    while (!isHealthy && service.isRunning && performance.now() - startedMs < START_TIMEOUT_MS) {
      isHealthy = (await jail.start(command, image).exited) === 0;
    }
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
    check(isHealthy, `healthy by its own check after ${seconds} s`, service.output);
    service.stop();
    check((await service.exited) === 0, "drains and ends by itself at SIGTERM", service.output);
    const gone = await jail.start(command, image).exited;
    check(gone !== 0, "its check tells that it is gone");
  } finally {
    service.kill();
  }
}

function failNoEntry(stage: Stage): never {
  throw new Error(`${stage.name} has no ENTRYPOINT`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const wanted = process.argv.slice(2);
const stages = imageStages();
const [build] = stages;
if (build === undefined) throw new Error("the Dockerfile has no stage");
const folder = mkdtempSync(join(tmpdir(), "orrery-images-"));
try {
  chmodSync(folder, 0o755);
  if (process.getuid?.() === 0) chownSync(folder, USER_ID, USER_ID);
  say("build");
  runBuildStage(build, join(folder, "src"), say);
  const targets = stages.filter(({ base }) => base === "runtime");
  for (const stage of targets.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    await tryImage(inherited(stage, stages), folder);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
