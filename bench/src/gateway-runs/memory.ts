import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findFreePort } from "@orrery/devstack/process/free-port";
import { answersOk } from "@orrery/devstack/stack/node-process";
import { type BenchContext, sized } from "../harness/bench.ts";
import { type BenchGateway, GATEWAY, startBenchGateway } from "../world/gateway.ts";
import { MemorySamples } from "../world/memory-samples.ts";
import { startNodeChild } from "../world/node-child.ts";
import { openIdle, stillOpen } from "./idle-connections.ts";
import { LARGE_BYTES, LARGE_MOUNT, LARGE_PATH } from "./large-bodies.ts";

const LARGE_GATEWAY = fileURLToPath(new URL("gateway-main.ts", import.meta.url));
const LARGE_SERVICE = fileURLToPath(new URL("large-service-main.ts", import.meta.url));
const SAMPLE_MS = 10;
const STOP_GRACE_MS = 10_000;

interface IdleOptions {
  readonly databaseUrl: string;
  readonly serviceUrl: string;
  readonly path: string;
}

/** The resident memory of a new gateway, at rest and with connections that have nothing to say. */
export async function measureIdle(
  context: BenchContext,
  { databaseUrl, serviceUrl, path }: IdleOptions,
) {
  const connections = sized(context, 10_000, 1_000);
  const options = { entry: GATEWAY, databaseUrl, serviceUrl };
  const { url, apiKey, child } = await startBenchGateway(context, options);
  const emptyMib = await restingMib(child.pid);
  const head = `GET ${path} HTTP/1.1\r\nhost: bench\r\nx-api-key: ${apiKey}\r\n\r\n`;
  const sockets = await openIdle(url, head, connections);
  const mib = await restingMib(child.pid);
  const open = stillOpen(sockets);
  for (const socket of sockets) socket.destroy();
  await child.stop("SIGTERM", STOP_GRACE_MS);
  return { connections, open, mib, emptyMib };
}

/** The most that a new gateway has more than at rest while one large body passes. */
export async function measureBody(
  context: BenchContext,
  databaseUrl: string,
  way: "up" | "down",
): Promise<{ readonly bytes: number; readonly growthMib: number }> {
  const port = await findFreePort();
  const serviceUrl = `http://127.0.0.1:${port}`;
  const service = await startNodeChild(context, {
    name: "large service",
    entry: LARGE_SERVICE,
    env: { SERVICE_PORT: String(port) },
    isReady: () => answersOk(serviceUrl),
  });
  const ours = await startBenchGateway(context, { entry: LARGE_GATEWAY, databaseUrl, serviceUrl });
  const beforeMib = await restingMib(ours.child.pid);
  const samples = new MemorySamples(ours.child.pid, SAMPLE_MS);
  const bytes = await (way === "up" ? upload(ours) : download(ours));
  const growthMib = Math.max(...samples.stop()) - beforeMib;
  context.say(`100 MB ${way}: ${beforeMib.toFixed(0)} MiB and ${growthMib.toFixed(1)} more`);
  await ours.child.stop("SIGTERM", STOP_GRACE_MS);
  await service.stop("SIGTERM", STOP_GRACE_MS);
  return { bytes, growthMib };
}

async function restingMib(pid: number): Promise<number> {
  const samples = new MemorySamples(pid, SAMPLE_MS);
  await setTimeout(SAMPLE_MS * 100);
  return Math.max(...samples.stop());
}

async function upload({ url, apiKey }: BenchGateway): Promise<number> {
  const chunk = Buffer.alloc(64 * 1_024, "orrery");
  let leftBytes = LARGE_BYTES;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = leftBytes < chunk.length ? chunk.subarray(0, leftBytes) : chunk;
      leftBytes -= part.length;
      if (part.length > 0) controller.enqueue(part);
      if (leftBytes === 0) controller.close();
    },
  });
  const headers = { "x-api-key": apiKey, "content-length": String(LARGE_BYTES) };
  const init = { method: "PUT", headers, body, duplex: "half" as const };
  const response = await fetch(`${url}${LARGE_MOUNT}${LARGE_PATH}`, init);
  return ((await response.json()) as { receivedBytes: number }).receivedBytes;
}

async function download({ url, apiKey }: BenchGateway): Promise<number> {
  const headers = { "x-api-key": apiKey };
  const { body } = await fetch(`${url}${LARGE_MOUNT}${LARGE_PATH}`, { headers });
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = body?.getReader();
  let bytes = 0;
  for (;;) {
    const part = await reader?.read();
    if (part?.value === undefined) return bytes;
    bytes += part.value.length;
  }
}
