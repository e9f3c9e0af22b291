// The images' health check: `probe.mjs <url> [method]`. Exit code 0 when a GET of the URL, or a JSON-RPC call of the
// method, is answered 200; there is no curl in an image.
const [url = "", method] = process.argv.slice(2);
const TIMEOUT_MS = 3_000;

const call = method && {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ jsonrpc: "2.0", id: 1, method }),
};

try {
  const response = await fetch(url, { ...call, signal: AbortSignal.timeout(TIMEOUT_MS) });
  await response.body?.cancel();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
