import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeObjectStore } from "./object-store.contract.ts";
import { LocalObjectStore } from "./object-store.local.ts";

let base: string;
let made = 0;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "orrery objects "));
});
afterAll(() => rm(base, { recursive: true, force: true }));

const newFolder = () => {
  made += 1;
  return join(base, String(made));
};

describeObjectStore("local", async () => new LocalObjectStore(newFolder()));

async function* some(): AsyncGenerator<Buffer> {
  yield Buffer.from("some");
}

describe("files below a folder", () => {
  it("say that the disk is full, and leave nothing of what did not fit", async () => {
    const folder = newFolder();
    await new LocalObjectStore(folder).put("exports/first", some());
    const store = new LocalObjectStore(folder, () => "on-a-full-disk");
    const unfinished = join(folder, ".unfinished");
    // The kernel's own device that takes no byte, in the place of the file that grows.
    await symlink("/dev/full", join(unfinished, "on-a-full-disk"));
    await expect(store.put("exports/second", some())).rejects.toMatchObject({ failure: "full" });
    expect(await readdir(unfinished)).toEqual([]);
    expect(await readdir(join(folder, "exports"))).toEqual(["first"]);
  });

  it("say that the folder cannot be used", async () => {
    const folder = newFolder();
    await writeFile(folder, "a file where the folder should be");
    const put = new LocalObjectStore(folder).put("a", some());
    await expect(put).rejects.toMatchObject({ failure: "unavailable" });
  });

  it("lose what a process left unfinished long ago, and nothing that still grows", async () => {
    const folder = newFolder();
    const store = new LocalObjectStore(folder);
    const unfinished = join(folder, ".unfinished");
    await mkdir(unfinished, { recursive: true });
    await writeFile(join(unfinished, "old"), "half");
    await writeFile(join(unfinished, "new"), "half");
    await utimes(join(unfinished, "old"), 1_000, 1_000);
    expect(await store.removeAbandoned(new Date(2_000_000))).toBe(1);
    expect(await readdir(unfinished)).toEqual(["new"]);
  });
});
