import type { DemoFile } from "./demo-file.ts";

/** The call that the terminal shows: its request id is fixed, so that a second one charges nothing. */
function demoCall(demo: DemoFile): string {
  const [tenant] = demo.tenants;
  const body = {
    requestId: "my-first-request",
    userId: tenant?.users[0]?.userId,
    apiId: tenant?.apis[0]?.apiId,
    endpointId: "forecast",
    apiKeyId: "demo",
    amountUsdc: "0.05",
  };
  return [
    `curl -sS -w '\\n%{http_code}\\n' ${demo.gatewayUrl}/api/v1/billing/deduct \\`,
    `  -H 'X-API-Key: ${tenant?.apiKey}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${JSON.stringify(body)}'`,
  ].join("\n");
}

/** What to read and what to copy, once everything runs. */
export function printWelcome(
  demo: DemoFile,
  dataDir: string,
  startMs: number,
  say: (line: string) => void,
): void {
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
  const [tenant] = demo.tenants;
  say(`
Orrery is ready (${seconds} s).

  gateway   ${demo.gatewayUrl}/api/v1
  pages     ${demo.gatewayUrl}/status (how it is), ${demo.gatewayUrl}/docs (the API)
  billing   ${demo.billingUrl}
  catalog   ${demo.catalogUrl}
  ledger    ${demo.ledgerUrl}
  API key   ${tenant?.apiKey}  (tenant ${tenant?.tenantId})
  data      ${dataDir}  (demo.json: every key and address; logs/)

Charge a request on the ledger. The first call answers 201 with a transaction hash, every
further one 200 with the same hash and "alreadyProcessed": true.

${demoCall(demo)}

Watch a board that the chain's events change (the simulator burns tokens all the time):

curl -N '${demo.gatewayUrl}/api/v1/leaderboard/most-burned/live?period=24h' -H 'X-API-Key: ${tenant?.apiKey}'

Ctrl-C stops everything.`);
}
