import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Settings that say where packages come from; the rest of npm's are its own business. */
const KEPT_NPM_SETTINGS = /^npm_config_(registry|proxy|https_proxy|noproxy|cafile)$/i;

/**
 * This process's environment without what npm adds to its scripts' (pnpm would take those settings
 * for its own), with the project's programs first on the PATH, and a HOME below the project when
 * the user's own is not set or cannot be written.
 */
export function cleanEnvironment(root, env = process.env) {
  const clean = {};
  for (const [name, value] of Object.entries(env)) {
    if (name === "INIT_CWD" || (name.startsWith("npm_") && !isKept(name, value))) continue;
    clean[name] = value;
  }
  clean.PATH = [join(root, "node_modules/.bin"), clean.PATH ?? "/usr/bin:/bin"].join(delimiter);
  if (!clean.HOME || !isWritable(clean.HOME)) clean.HOME = makeHome(root);
  return clean;
}

function makeHome(root) {
  const home = join(root, "node_modules/.cache/orrery/home");
  try {
    mkdirSync(home, { recursive: true });
  } catch {
    // The installer says that the project cannot be written.
  }
  return home;
}

/** Whether this is a folder that this user may put files into. */
export function isWritable(path) {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function isKept(name, value) {
  return value !== "" && KEPT_NPM_SETTINGS.test(name);
}
