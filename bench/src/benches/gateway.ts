import { fileURLToPath } from "node:url";
import { findFreePort } from "@orrery/devstack/process/free-port";
import { answersOk } from "@orrery/devstack/stack/node-process";
import { LARGE_BYTES } from "../gateway-runs/large-bodies.ts";
import { measureBody, measureIdle } from "../gateway-runs/memory.ts";
import {
  type Bench,
  type BenchContext,
  type Figure,
  type Outcome,
  sized,
} from "../harness/bench.ts";
import { playRounds } from "../harness/rounds.ts";
import { sendGets } from "../load/send-gets.ts";
import { quantile } from "../statistics/statistics.ts";
import { GATEWAY, startBenchGateway } from "../world/gateway.ts";
import { answering, nginxVersion, proxying, startNginx } from "../world/nginx.ts";
import { startNodeChild } from "../world/node-child.ts";
import { startBenchPostgres } from "../world/postgres.ts";

const HTTP_PROXY = fileURLToPath(new URL("../gateway-runs/http-proxy-main.ts", import.meta.url));
const PATH = "/api/v1/stats";
const CONNECTIONS = 64;
const STOP_GRACE_MS = 10_000;
const ANSWER = JSON.stringify({
  totalValueLocked: "123456789.5",
  totalBets: 4_711,
  totalPools: 42,
});

export const gateway: Bench = {
  name: "gateway",
  about: "a proxied GET with everything on, against nginx and @fastify/http-proxy; memory",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const nginx = await nginxVersion();
  const postgres = await startBenchPostgres(context);
  const databaseUrl = await postgres.createDatabase("gateway");
  const serviceUrl = await startNginx(context, answering(ANSWER));
  const speed = await measureSpeed(context, { databaseUrl, serviceUrl });
  const idle = await measureIdle(context, { databaseUrl, serviceUrl, path: PATH });
  const up = await measureBody(context, databaseUrl, "up");
  const down = await measureBody(context, databaseUrl, "down");
  const memory = (id: string, label: string, mib: number) => ({
    id: `${id}-memory`,
    label,
    unit: "MiB",
    runs: [mib],
  });
  return {
    figures: [
      ...speed.figures,
      memory("upload", "peak RSS growth, 100 MB up", up.growthMib),
      memory("download", "peak RSS growth, 100 MB down", down.growthMib),
      memory("idle", `RSS with ${idle.connections} idle connections`, idle.mib),
    ],
    facts: [
      {
        what: "every byte arrived",
        isHeld: up.bytes === LARGE_BYTES && down.bytes === LARGE_BYTES,
        detail: `${up.bytes} bytes up, ${down.bytes} down`,
      },
      {
        what: "every idle connection stays open",
        isHeld: idle.open === idle.connections,
        detail: `${idle.open} of ${idle.connections}`,
      },
    ],
    notes: {
      nginx,
      connections: CONNECTIONS,
      ratePerSecond: speed.ratePerSecond,
      emptyMib: Math.round(idle.emptyMib),
    },
  };
}

async function measureSpeed(
  context: BenchContext,
  { databaseUrl, serviceUrl }: { databaseUrl: string; serviceUrl: string },
): Promise<{ readonly figures: readonly Figure[]; readonly ratePerSecond: number }> {
  const nginxUrl = await startNginx(context, proxying(serviceUrl));
  const proxyUrl = await startHttpProxy(context, serviceUrl);
  const ours = await startBenchGateway(context, { entry: GATEWAY, databaseUrl, serviceUrl });
  const plan = (url: string) => ({
    url: `${url}${PATH}`,
    headers: { "x-api-key": ours.apiKey },
    connections: CONNECTIONS,
    seconds: sized(context, 10, 2),
  });
  const perSecond = (url: string) => async () => (await sendGets(plan(url))).perSecond;
  const [gets = [], nginxGets = [], proxyGets = []] = await playRounds(context, [
    { name: "gateway, GET/s", play: perSecond(ours.url) },
    { name: "nginx, GET/s", play: perSecond(nginxUrl) },
    { name: "@fastify/http-proxy, GET/s", play: perSecond(proxyUrl) },
  ]);
  const ratePerSecond = Math.floor(quantile(gets, 0.5) / 2);
  const p99 = (url: string) => async () => (await sendGets({ ...plan(url), ratePerSecond })).p99Ms;
  const [throughMs = [], directMs = []] = await playRounds(context, [
    { name: "through the gateway, p99 ms", play: p99(ours.url) },
    { name: "to the service, p99 ms", play: p99(serviceUrl) },
  ]);
  await ours.child.stop("SIGTERM", STOP_GRACE_MS);
  const get = (id: string, label: string, name: string, runs: readonly number[]) => ({
    id,
    label,
    unit: "/s",
    runs: gets,
    rival: { name, runs },
  });
  const addedMs = throughMs.map((ms, round) => ms - (directMs[round] ?? 0));
  const figures = [
    get("get", "proxied GET", "nginx proxy_pass, one worker", nginxGets),
    get("get-http-proxy", "the same", "@fastify/http-proxy alone", proxyGets),
    { id: "p99-added", label: "p99 added at half of that rate", unit: "ms", runs: addedMs },
  ];
  return { figures, ratePerSecond };
}

async function startHttpProxy(context: BenchContext, serviceUrl: string): Promise<string> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  await startNodeChild(context, {
    name: "@fastify/http-proxy",
    entry: HTTP_PROXY,
    env: { PROXY_PORT: String(port), UPSTREAM_URL: serviceUrl },
    isReady: () => answersOk(url),
  });
  return url;
}
