import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { CopyStep } from "./dockerfile.ts";

/** The unprivileged user that images run as. */
export const USER_ID = 65_532;

/** The shared libraries that the base of the images has, and that Node may need. */
const BASE_LIBRARIES = [
  "ld-linux-x86-64.so.2",
  "ld-linux-aarch64.so.1",
  "libc.so.6",
  "libdl.so.2",
  "libgcc_s.so.1",
  "libm.so.6",
  "libpthread.so.0",
  "libstdc++.so.6",
];

const isRoot = process.getuid?.() === 0;

/** A folder with what an image has, and nothing else, in which programs run as the image's user. */
export class Jail {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
    mkdirSync(root, { recursive: true });
  }

  /** Does what COPY does; paths of the build stage are below `build`. */
  copy({ sources, target }: CopyStep, build: string): void {
    for (const source of sources) {
      const from = join(build, source.replace(/^\/src\//, ""));
      const to = join(this.root, target);
      mkdirSync(dirname(to), { recursive: true });
      cpSync(from, to, { recursive: true, dereference: true });
    }
  }

  /** Bytes of everything that was copied so far. */
  get sizeBytes(): number {
    return sizeOf(this.root);
  }

  /**
   * Adds this machine's copies of what the base image has: the libraries that a program is linked to.
   * @throws Error when it is linked to one that the base does not have
   */
  addLibraries(program: string): void {
    const { stdout } = spawnSync("ldd", [join(this.root, program)], { encoding: "utf8" });
    for (const [path] of stdout.matchAll(/\/\S+\.so[.\d]*/g)) {
      if (!BASE_LIBRARIES.includes(basename(path))) throw new Error(`the base has no ${path}`);
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      copyFileSync(path, join(this.root, path));
      chmodSync(join(this.root, path), 0o755);
    }
  }

  /** A folder that the image's user may write to, as a volume would be. */
  addVolume(path: string): void {
    const folder = join(this.root, path);
    mkdirSync(folder, { recursive: true });
    if (isRoot) chownSync(folder, USER_ID, USER_ID);
  }

  /** Starts a program inside; its output is `output` while it runs and after. */
  start(command: readonly string[], env: Readonly<Record<string, string>>): JailedProcess {
    const enter = isRoot
      ? ["chroot", `--userspec=${USER_ID}:${USER_ID}`, this.root]
      : ["unshare", "--user", "--map-root-user", "chroot", this.root];
    const [file = "", ...args] = [...enter, ...command];
    // `chroot` itself is found by this path; the program inside is named in full.
    const path = "/usr/sbin:/usr/bin:/sbin:/bin";
    return new JailedProcess(
      spawn(file, args, { env: { ...env, PATH: path }, stdio: ["ignore", "pipe", "pipe"] }),
    );
  }

  /** Whether the image has such a file. */
  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }
}

/** A program in a jail. */
class JailedProcess {
  readonly #child: ChildProcess;
  /** The exit code; −1 after a signal, or when it could not start. */
  readonly exited: Promise<number>;
  output = "";

  constructor(child: ChildProcess) {
    this.#child = child;
    const collect = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    const { promise, resolve } = Promise.withResolvers<number>();
    child.once("error", (error) => {
      this.output += error.message;
      resolve(-1);
    });
    child.once("close", (code) => resolve(code ?? -1));
    this.exited = promise;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  stop(): void {
    this.#child.kill("SIGTERM");
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

function sizeOf(path: string): number {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return statSync(path).size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
