import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isWritable } from "./environment.mjs";
import { SetupFailure } from "./failure.mjs";

export const PNPM = "pnpm@12.21.0";
/** Without a network npm would try for more than a minute before it says so. CI: no questions. */
const IMPATIENT = {
  npm_config_fetch_retries: "2",
  npm_config_fetch_retry_mintimeout: "1000",
  npm_config_fetch_retry_maxtimeout: "5000",
};
const HEARTBEAT_MS = 5_000;

/** What the installer prints → what is wrong and what to do. The first that matches counts. */
const KNOWN_FAULTS = [
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|META_FETCH_FAIL/,
    message: "the packages could not be downloaded: the npm registry cannot be reached",
    advice: "check the network (or the registry and proxy settings of npm) and run it again",
  },
  {
    pattern: /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_/,
    message: "the packages could not be downloaded: the registry's certificate is not trusted",
    advice: "name your network's certificate to npm (cafile) and Node (NODE_EXTRA_CA_CERTS)",
  },
  {
    pattern: /EACCES|EPERM|EROFS/,
    message: "the packages could not be installed: a folder may not be written",
    advice: "make the project folder and your home folder writable for this user",
  },
  {
    pattern: /ENOSPC/,
    message: "the packages could not be installed: the disk is full",
    advice: "free about 1 GB and run it again",
  },
  {
    pattern: /OUTDATED_LOCKFILE/,
    message: "pnpm-lock.yaml does not fit the package.json files",
    advice: `run "npx -y ${PNPM} install" once and commit the lockfile`,
  },
];

/**
 * Installs what the lockfile names, when that has changed since the last time.
 * @throws {SetupFailure}
 */
export async function installPackages(root, env) {
  const stampFile = join(root, "node_modules/.orrery-installed");
  const wanted = fingerprint(root);
  if (readStamp(stampFile) === wanted) return;

  assertWritable(root);
  const startMs = performance.now();
  say("installing packages (about 20 s the first time)");
  rmSync(stampFile, { force: true });
  const { code, output } = await runInstaller(root, env, startMs);
  if (code !== 0) throw explain(output);
  writeFileSync(stampFile, wanted);
  say(`packages installed in ${seconds(startMs)}`);
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function fingerprint(root) {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"]) {
    hash.update(readFileSync(join(root, file)));
  }
  return `${hash.digest("hex")} ${PNPM} ${process.platform}-${process.arch}\n`;
}

/** @throws {SetupFailure} when the tools could not keep what they make below node_modules */
export function assertWritable(root) {
  const folder = join(root, "node_modules");
  try {
    mkdirSync(folder, { recursive: true });
  } catch {
    // The check below says it.
  }
  if (!isWritable(folder)) {
    throw new SetupFailure(
      `${folder} cannot be written`,
      "give this user write access to the project folder, or clone it somewhere of your own",
    );
  }
}

function runInstaller(root, env, startMs) {
  const npxFlags = ["--yes", "--prefer-offline"];
  const args = [...npxFlags, PNPM, "install", "--frozen-lockfile", "--reporter=append-only"];
  return new Promise((resolve, reject) => {
    const child = spawn("npx", args, {
      cwd: root,
      env: { ...env, ...IMPATIENT, CI: "true" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let progress = "";
    const collect = (chunk) => {
      output = (output + chunk).slice(-20_000);
      progress = /Progress: [^\n]*/.exec(String(chunk))?.[0] ?? progress;
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const heartbeat = setInterval(() => {
      say(`  ${progress === "" ? "fetching pnpm" : progress} (${seconds(startMs)})`);
    }, HEARTBEAT_MS);
    child.once("error", () => {
      clearInterval(heartbeat);
      reject(new SetupFailure("npx was not found", "install npm, which brings npx, beside Node"));
    });
    child.once("close", (code) => {
      clearInterval(heartbeat);
      resolve({ code, output });
    });
  });
}

function explain(output) {
  const fault = KNOWN_FAULTS.find(({ pattern }) => pattern.test(output));
  const tail = output.trim().split("\n").slice(-12).join("\n");
  return fault
    ? new SetupFailure(fault.message, fault.advice)
    : new SetupFailure("the packages could not be installed", "see the installer's output", tail);
}

function say(text) {
  console.error(`orrery: ${text}`);
}

function seconds(startMs) {
  return `${((performance.now() - startMs) / 1_000).toFixed(1)} s`;
}
