import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { MeasuredContent } from "./measured-content.ts";
import {
  assertObjectKey,
  type ByteRange,
  type ObjectStore,
  ObjectStoreError,
  type PutOptions,
  type StoredObject,
} from "./object-store.ts";

/** Where files grow until they are whole; no key begins with a dot. */
const UNFINISHED_FOLDER = ".unfinished";
/** Larger pieces would be faster by little, and wait for the garbage collector by tens of megabytes. */
const READ_AHEAD_BYTES = 64 * 1_024;
/** What was written is sent to the disk in steps of so much, not all of it at the end. */
const SYNC_BYTES = 32 * 1_024 * 1_024;

/** Files below a folder, which several processes may share. Made when something is stored. */
export class LocalObjectStore implements ObjectStore {
  readonly #root: string;
  readonly #newName: () => string;

  /** `newName`: what a file is called while it grows; never the same twice, in any process. */
  constructor(folder: string, newName: () => string = randomUUID) {
    this.#root = resolve(folder);
    this.#newName = newName;
  }

  async put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ): Promise<StoredObject> {
    const target = this.#pathOf(key);
    const unfinished = join(this.#root, UNFINISHED_FOLDER, this.#newName());
    const measured = new MeasuredContent(content, options);
    try {
      await mkdir(dirname(unfinished), { recursive: true, mode: 0o700 });
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await writeDurably(unfinished, measured);
      await rename(unfinished, target);
      await syncFolder(dirname(target));
      return measured.result();
    } catch (error) {
      // What cannot be removed now is found by `removeAbandoned`.
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw measured.hasFailedWith(error) ? error : storeError(error);
    }
  }

  async findBytes(key: string): Promise<number | undefined> {
    const path = this.#pathOf(key);
    return ifThere(async () => (await stat(path)).size);
  }

  async read(key: string, range?: ByteRange): Promise<Readable | undefined> {
    const path = this.#pathOf(key);
    const file = await ifThere(() => open(path, "r"));
    return file?.createReadStream({
      highWaterMark: READ_AHEAD_BYTES,
      ...(range !== undefined && { start: range.first, end: range.last }),
    });
  }

  async delete(key: string): Promise<void> {
    const path = this.#pathOf(key);
    await ifThere(() => rm(path));
  }

  async removeAbandoned(begunBefore: Date): Promise<number> {
    const folder = join(this.#root, UNFINISHED_FOLDER);
    let removed = 0;
    for (const name of (await ifThere(() => readdir(folder))) ?? []) {
      const path = join(folder, name);
      // One that grows still was written to lately.
      const writtenAt = await ifThere(async () => (await stat(path)).mtime);
      if (writtenAt === undefined || writtenAt >= begunBefore) continue;
      await ifThere(() => rm(path));
      removed += 1;
    }
    return removed;
  }

  #pathOf(key: string): string {
    assertObjectKey(key);
    return join(this.#root, key);
  }
}

async function writeDurably(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    const syncing = new BackgroundSync(file);
    for await (const piece of content) {
      await writeWhole(file, piece);
      syncing.wrote(piece.length);
    }
    await syncing.end();
  } finally {
    await file.close();
  }
}

async function writeWhole(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let offset = 0; offset < piece.length; ) {
    const { bytesWritten } = await file.write(piece, offset);
    offset += bytesWritten;
  }
}

/** Sends what was written to the disk while more is being written. */
class BackgroundSync {
  readonly #file: FileHandle;
  #unsyncedBytes = 0;
  #isRunning = false;
  /** One after the other; none after one that failed, whose fault the next would not meet again. */
  #runs: Promise<void> = Promise.resolve();

  constructor(file: FileHandle) {
    this.#file = file;
  }

  wrote(bytes: number): void {
    this.#unsyncedBytes += bytes;
    if (this.#unsyncedBytes < SYNC_BYTES || this.#isRunning) return;
    this.#unsyncedBytes = 0;
    this.#isRunning = true;
    this.#runs = this.#runs
      .then(() => this.#file.datasync())
      .finally(() => {
        this.#isRunning = false;
      });
    // It is told at the end.
    this.#runs.catch(() => undefined);
  }

  async end(): Promise<void> {
    await this.#runs;
    await this.#file.datasync();
  }
}

/** So that the new name outlives a loss of power too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function ifThere<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw storeError(error);
  }
}

/** No space, no quota, or a file larger than the file system takes. */
const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** What the file system said, in the port's words. */
function storeError(error: unknown): ObjectStoreError {
  const { code = "an unknown error" } = error as NodeJS.ErrnoException;
  const failure = FULL.has(code) ? "full" : "unavailable";
  return new ObjectStoreError(failure, `the file system said ${code}`, { cause: error });
}
