const TIMEOUT_MS = 5_000;

/** @throws Error when the simulator refuses the faults */
export function setFaults(ledgerUrl: string, faults: object): Promise<void> {
  return call(ledgerUrl, "sim_setFaults", faults);
}

export function clearFaults(ledgerUrl: string): Promise<void> {
  return call(ledgerUrl, "sim_clearFaults");
}

async function call(url: string, method: string, params: object = {}): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { error } = (await response.json()) as { error?: unknown };
  if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
}
