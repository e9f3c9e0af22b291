import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningChild, startChild } from "./child-process.ts";
import { ProcessRecord } from "./process-record.ts";

describe("the record of a data directory's processes", () => {
  let folder: string;
  let file: string;
  let child: RunningChild;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "orrery-record-"));
    file = join(folder, "processes.json");
    const args = ["-e", "setInterval(() => {}, 1000)"];
    child = await startChild({ name: "worker", file: process.execPath, args });
    const record = new ProcessRecord(file);
    await record.claim();
    await record.add("worker", child.pid);
  });

  afterEach(async () => {
    await child.stop("SIGKILL", 1_000);
    await rm(folder, { recursive: true, force: true });
  });

  it("names the living process that looks after it", async () => {
    expect((await new ProcessRecord(file).findOwner())?.pid).toBe(process.pid);
  });

  it("lets a later start end what a killed one left", async () => {
    const later = new ProcessRecord(file);
    expect(await later.stopLeftovers()).toEqual(["worker"]);
    expect((await child.exited).signal).toBe("SIGINT");
    expect(await later.stopLeftovers()).toEqual([]);
  });

  it("leaves a process alone that only has the id of a recorded one", async () => {
    const contents = JSON.parse(await readFile(file, "utf8"));
    contents.owner.startedAt = "another time";
    contents.children[0].startedAt = "another time";
    await writeFile(file, JSON.stringify(contents));
    const later = new ProcessRecord(file);
    expect(await later.findOwner()).toBeUndefined();
    expect(await later.stopLeftovers()).toEqual([]);
    expect(child.isRunning()).toBe(true);
  });

  it("is forgotten once everything has ended", async () => {
    const record = new ProcessRecord(file);
    record.release();
    expect(await record.findOwner()).toBeUndefined();
  });
});
