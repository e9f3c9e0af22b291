import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild } from "@orrery/devstack/process/child-process";
import { findFreePort } from "@orrery/devstack/process/free-port";
import { runCommand } from "@orrery/devstack/process/run-command";
import { waitUntil } from "@orrery/devstack/process/wait-until";
import { answersOk } from "@orrery/devstack/stack/node-process";
import { type BenchContext, BenchUnavailable } from "../harness/bench.ts";

const READY_TIMEOUT_MS = 10_000;
const STOP_GRACE_MS = 5_000;

/** The first line of `nginx -v`. @throws {BenchUnavailable} when nginx is not on the PATH */
export async function nginxVersion(): Promise<string> {
  const { code, stderr } = await runCommand("nginx", ["-v"]);
  if (code === 127) throw new BenchUnavailable("nginx is not on the PATH (Debian: nginx-light)");
  return stderr.trim();
}

/** One nginx with one worker. `http` is what stands in its `http` block, for the port it is given. */
export async function startNginx(
  { cleanup }: Pick<BenchContext, "cleanup">,
  http: (port: number) => string,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-nginx-"));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await findFreePort();
  const config = join(folder, "nginx.conf");
  await writeFile(
    config,
    `daemon off; worker_processes 1; worker_rlimit_nofile 16384; pid ${folder}/pid; error_log stderr crit;
events { worker_connections 8192; }
http {
  access_log off; keepalive_requests 1000000000; client_body_temp_path ${folder}; proxy_temp_path ${folder};
  ${http(port)}
}
`,
  );
  const child = await startChild({
    name: "nginx",
    file: "nginx",
    args: ["-c", config, "-p", folder],
  });
  const killAtExit = () => child.kill("SIGTERM");
  process.once("exit", killAtExit);
  cleanup.defer(async () => {
    await child.stop("SIGTERM", STOP_GRACE_MS);
    process.off("exit", killAtExit);
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntil("nginx is ready", () => answersOk(url).catch(() => false), {
    timeoutMs: READY_TIMEOUT_MS,
    intervalMs: 20,
  });
  return url;
}

/** Answers every request with the same JSON. */
export const answering = (json: string) => (port: number) =>
  `server { listen 127.0.0.1:${port}; location / { default_type application/json; return 200 '${json}'; } }`;

/** Passes every request on over connections that are kept. */
export const proxying = (url: string) => (port: number) =>
  `upstream service { server ${new URL(url).host}; keepalive 256; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }`;
