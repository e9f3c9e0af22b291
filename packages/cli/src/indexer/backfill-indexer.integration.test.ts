import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { runCli } from "../run-cli.ts";

const at = (ledger: number, cursor: string | null, gaps: object[] = []) => ({
  data: [{ contractId: "C", ledger, cursor, updatedAt: "2026-05-01T00:00:00.000Z", gaps }],
});

/** A backfill against a catalog that says these things of C, the last of them for ever. */
async function backfill(fromLedger: number, said: readonly object[]) {
  let asked = 0;
  const catalog = createServer((request, response) => {
    if (request.method === "POST") return void response.writeHead(204).end();
    const answer = said[Math.min(asked, said.length - 1)];
    asked += 1;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  }).listen(0, "127.0.0.1");
  await once(catalog, "listening");
  const { port } = catalog.address() as AddressInfo;
  const env = {
    CATALOG_URL: `http://127.0.0.1:${port}`,
    INTERNAL_TOKENS: "internal-token-".repeat(3),
  };
  const args = ["indexer", "backfill", "C", "--from-ledger", String(fromLedger), "--json"];
  let out = "";
  const exitCode = await runCli(args, env, {
    stdout: (text) => void (out += text),
    stderr: () => {},
  });
  catalog.close();
  catalog.closeAllConnections();
  return { exitCode, asked, result: JSON.parse(out) };
}

it("a backfill from the ledger that was reached waits until that was read", async () => {
  const { exitCode, asked, result } = await backfill(40, [
    at(40, "c1"),
    at(40, null),
    at(40, null),
    at(40, "c2"),
  ]);
  expect([exitCode, asked]).toEqual([0, 4]);
  expect(result).toMatchObject({ isFilled: true, contract: { cursor: "c2" } });
});

it("a backfill from the ledger that was reached says that it is lost", async () => {
  const gap = { fromLedger: 40, toLedger: 60 };
  const { exitCode, result } = await backfill(40, [
    at(40, "c1"),
    at(40, null),
    at(61, null, [gap]),
  ]);
  expect(exitCode).toBe(1);
  expect(result).toMatchObject({ isFilled: false, contract: { gaps: [gap] } });
});
