import { fileURLToPath } from "node:url";
import { CONTEXT_HEADER } from "@orrery/common/http/signed-context";
import { findFreePort } from "@orrery/devstack/process/free-port";
import { waitUntil } from "@orrery/devstack/process/wait-until";
import { answersOk } from "@orrery/devstack/stack/node-process";
import { type BenchCatalog, startBenchCatalog } from "../../catalog-runs/catalog.ts";
import { postCatalog, tokenBody } from "../../catalog-runs/catalog-call.ts";
import type { PlainBoardPlan } from "../../catalog-runs/plain-board-plan.ts";
import {
  type Bench,
  type BenchContext,
  type Fact,
  type Outcome,
  sized,
} from "../../harness/bench.ts";
import { type Contender, playRounds } from "../../harness/rounds.ts";
import { sendGets } from "../../load/send-gets.ts";
import { type BillingAddress, contextHeader, newContextKeys } from "../../world/billing-call.ts";
import { startNodeChild } from "../../world/node-child.ts";
import { serviceUrl, startBenchPostgres } from "../../world/postgres.ts";

const PLAIN_BOARD = fileURLToPath(
  new URL("../../catalog-runs/plain-board-main.ts", import.meta.url),
);
const CONNECTIONS = 64;
const TOKENS = 20;
/** By then a relay has taken every write, and every instance has looked. */
const STEADY_MS = 2_000;
const STEADY_TIMEOUT_MS = 60_000;
const BOARD = "/api/v1/leaderboard/most-burned?period=all";

export const cachedBoard: Bench = {
  name: "cached-board",
  about: "a cached board over HTTP at 64 connections, against routes that only send its bytes",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  // All rounds together are shorter than a board is kept: its ETag stays.
  const seconds = sized(context, 8, 1);
  const postgres = await startBenchPostgres(context);
  const databaseUrl = serviceUrl(await postgres.createDatabase("boards"), "catalog");
  const catalog = await startBenchCatalog(context, databaseUrl, { NODE_ENV: "production" });
  await fillBoard(catalog);
  const { text, etag } = await cachedAnswer(catalog);
  const plain = (isBare: boolean) => startPlainBoard(context, { isBare, body: text, etag });
  const [withPlugins, bare] = [await plain(false), await plain(true)];
  let generator = "";
  const p99s = new Map<string, number[]>();
  const contender = (name: string, address: BillingAddress, given = {}): Contender => ({
    name: `${name}, /s`,
    play: async (round) => {
      const headers = { ...headersOf(address), ...given };
      const plan = { url: `${address.url}${BOARD}`, headers, connections: CONNECTIONS, seconds };
      const result = await sendGets(plan);
      generator = result.generator;
      if (round > 0) p99s.set(name, [...(p99s.get(name) ?? []), result.p99Ms]);
      return result.perSecond;
    },
  });
  const [ours = [], notModified = [], pluginRuns = [], bareRuns = []] = await playRounds(context, [
    contender("cached board", catalog),
    contender("304", catalog, { "if-none-match": etag }),
    contender("same plugins", withPlugins),
    contender("bare", bare),
  ]);
  const figure = (id: string, label: string, runs: readonly number[], rival: Rival) => ({
    id,
    label,
    unit: id === "p99" ? "ms" : "/s",
    runs,
    rival,
  });
  return {
    figures: [
      figure("plugins", "cached board", ours, { name: "same plugins", runs: pluginRuns }),
      figure("bare", "cached board", ours, { name: "bare Fastify", runs: bareRuns }),
      figure("not-modified", "304", notModified, { name: "200", runs: ours }),
      figure("p99", "cached board, p99", p99s.get("cached board") ?? [], {
        name: "bare Fastify",
        runs: p99s.get("bare") ?? [],
      }),
    ],
    facts: [await sameBytes(catalog, [withPlugins, bare], text, etag)],
    notes: { generator, connections: CONNECTIONS, seconds, bytes: Buffer.byteLength(text) },
  };
}

interface Rival {
  readonly name: string;
  readonly runs: readonly number[];
}

async function fillBoard(catalog: BenchCatalog): Promise<void> {
  for (let token = 0; token < TOKENS; token += 1) {
    await postCatalog(catalog, "/tokens", tokenBody(`token-${token}`));
    await postCatalog(catalog, `/tokens/token-${token}/burns`, {
      txHash: "tx",
      from: "ada",
      amount: String(1_000 + token),
      burnedBy: "ada",
    });
  }
}

const headersOf = ({ contextKeys }: BillingAddress) => ({
  [CONTEXT_HEADER]: contextHeader(contextKeys, "catalog"),
});

/** The board once no relay has anything left to make old, and the ETag that it has from then on. */
async function cachedAnswer(catalog: BenchCatalog): Promise<{ text: string; etag: string }> {
  let known = { etag: "", sinceMs: performance.now() };
  return waitUntil(
    "the board stays as it is",
    async () => {
      const response = await fetch(`${catalog.url}${BOARD}`, { headers: headersOf(catalog) });
      const text = await response.text();
      const etag = response.headers.get("etag");
      if (response.status !== 200 || etag === null) throw new Error(`the board answered ${text}`);
      if (etag !== known.etag) known = { etag, sinceMs: performance.now() };
      return performance.now() - known.sinceMs > STEADY_MS && { text, etag };
    },
    { timeoutMs: STEADY_TIMEOUT_MS },
  );
}

async function startPlainBoard(
  context: BenchContext,
  board: Pick<PlainBoardPlan, "isBare" | "body" | "etag">,
): Promise<BillingAddress> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const contextKeys = newContextKeys();
  const plan: PlainBoardPlan = { ...board, port, contextKeys };
  await startNodeChild(context, {
    name: board.isBare ? "bare board" : "board with plugins",
    entry: PLAIN_BOARD,
    env: { BOARD_PLAN: JSON.stringify(plan) },
    isReady: () => answersOk(`${url}/readyz`),
  });
  return { url, contextKeys };
}

/** Whoever was measured sends the same; the catalog from its cache, and 304 to one who has it. */
async function sameBytes(
  catalog: BenchCatalog,
  plain: readonly BillingAddress[],
  text: string,
  etag: string,
): Promise<Fact> {
  const bodies = await Promise.all(
    plain.map(async (address) => {
      const response = await fetch(`${address.url}${BOARD}`, { headers: headersOf(address) });
      return response.text();
    }),
  );
  const headers = { ...headersOf(catalog), "if-none-match": etag };
  const response = await fetch(`${catalog.url}${BOARD}`, { headers });
  const cache = response.headers.get("x-cache");
  return {
    what: "all send the same bytes, and the catalog 304 from its cache to one who has them",
    isHeld: bodies.every((body) => body === text) && response.status === 304 && cache === "hit",
    detail: `${Buffer.byteLength(text)} bytes, then ${response.status} (${cache})`,
  };
}
