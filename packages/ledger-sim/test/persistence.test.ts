import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startLedgerSim } from "../src/server.ts";
import { asSuccess, NETWORK, SimWorld } from "./support/sim-world.ts";

let folder: string;
let dataFile: string;
let world: SimWorld;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ledger sim "));
  dataFile = join(folder, "kept", "ledger.jsonl");
  world = await SimWorld.begin({ dataFile });
});
afterEach(async () => {
  await world.end();
  rmSync(folder, { recursive: true });
});

async function restart(): Promise<void> {
  await world.end();
  await world.start({ dataFile });
}

describe("a restart", () => {
  it("goes on with the same ledger, accounts, vaults, markers, transactions and events", async () => {
    const tx = await world.deduct({ amount: 5n, requestId: "kept" });
    const before = await world.apply(tx);
    world.sim.closeLedger(2);
    const state = await world.call("sim_state");
    const events = await world.call("getEvents", { startLedger: 1 });
    const sequence = await world.sequenceOf(world.channel.publicKey());
    await restart();
    expect(await world.call("sim_state")).toEqual(state);
    expect(await world.call("getEvents", { startLedger: 1 })).toEqual(events);
    expect(await world.sequenceOf(world.channel.publicKey())).toBe(sequence);
    const after = await world.server.getTransaction(before.txHash);
    expect(asSuccess(after).resultMetaXdr.toXdr("hex")).toBe(
      asSuccess(before).resultMetaXdr.toXdr("hex"),
    );
    await expect(world.deduct({ amount: 5n, requestId: "kept" })).rejects.toThrow("#29");
    expect((await world.apply(await world.deduct({ amount: 1n }))).status).toBe("SUCCESS");
  });

  it("forgets what was still waiting", async () => {
    const tx = await world.deduct({ amount: 5n });
    await world.send(tx);
    await restart();
    world.sim.closeLedger();
    expect(await world.vaultBalance()).toBe(1_000_000n);
    expect((await world.send(tx)).status).toBe("PENDING");
  });

  it("never mixes a ledger from before it into a stale read", async () => {
    await world.apply(await world.deduct({ amount: 5n }));
    const sequence = await world.sequenceOf(world.channel.publicKey());
    await restart();
    await world.call("sim_setFaults", { staleReads: 2 });
    expect((await world.server.getLatestLedger()).sequence).toBe(2);
    expect(await world.sequenceOf(world.channel.publicKey())).toBe(sequence);
  });

  it("drops a line that a crash cut off, and refuses damage elsewhere", async () => {
    await world.end();
    appendFileSync(dataFile, '{"kind":"ledger","closed":{"led');
    await world.start({ dataFile });
    expect(await world.vaultBalance()).toBe(1_000_000n);
    world.sim.closeLedger();
    const asKilled = join(folder, "as-killed.jsonl");
    copyFileSync(dataFile, asKilled);
    await world.end();
    await world.start({ dataFile: asKilled });
    expect(world.sim.ledger.latest.sequence).toBe(2);
    await world.end();
    writeFileSync(dataFile, `${readFileSync(dataFile, "utf8")}garbage\n`);
    await expect(startLedgerSim({ networkPassphrase: NETWORK, dataFile })).rejects.toThrow(
      "is damaged",
    );
  });

  it("refuses the file of another network", async () => {
    await world.end();
    await expect(startLedgerSim({ networkPassphrase: "another", dataFile })).rejects.toThrow(
      "belongs to another network",
    );
  });
});

describe("the process", () => {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill("SIGKILL"));

  async function launch(env: Record<string, string>): Promise<{ url: string }> {
    child = spawn(process.execPath, [main], {
      env: { LEDGER_PORT: "0", LEDGER_CLOSE_MS: "0", NETWORK_PASSPHRASE: NETWORK, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    return JSON.parse(chunk.toString().split("\n")[0] ?? "") as { url: string; msg: string };
  }

  const rpc = async (url: string, method: string) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method });
    const answer = await fetch(url, { method: "POST", body });
    return (await answer.json()) as { result: { latestLedger: number } };
  };

  it("keeps every ledger that it answered, when it is killed and when it is asked to stop", async () => {
    const env = { LEDGER_DATA_FILE: join(folder, "fresh.jsonl") };
    const first = await launch(env);
    expect((await rpc(first.url, "sim_closeLedger")).result.latestLedger).toBe(2);
    child?.kill("SIGKILL");
    await once(child as ChildProcess, "exit");
    const second = await launch(env);
    expect((await rpc(second.url, "sim_closeLedger")).result.latestLedger).toBe(3);
    child?.kill("SIGTERM");
    expect(await once(child as ChildProcess, "exit")).toEqual([0, null]);
    const third = await launch(env);
    expect((await rpc(third.url, "sim_state")).result.latestLedger).toBe(3);
  });

  it("names every fault of its configuration and does not start", async () => {
    const answer = await launch({ LEDGER_PORT: "x", GENESIS_ACCOUNTS: "nobody" });
    expect(answer).toMatchObject({
      level: "error",
      error: expect.stringMatching(/LEDGER_PORT.*GENESIS_ACCOUNTS/),
    });
  });
});
