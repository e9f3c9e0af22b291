import { compose } from "@orrery/billing/compose";
import { readConfig } from "@orrery/billing/config";
import { waitUntil } from "@orrery/devstack/process/wait-until";
import type { BenchContext } from "../harness/bench.ts";
import { AMOUNT_USDC } from "../load/load-plan.ts";
import { billingVariables } from "./billing.ts";
import { API_ID, type BillingAddress, callBilling, newContextKeys } from "./billing-call.ts";
import type { BenchLedger } from "./ledger.ts";
import { WatchedRpc } from "./watched-rpc.ts";

const SETTLED_TIMEOUT_MS = 120_000;
const RESPOND_ASYNC = { prefer: "respond-async" } as const;

/** Billing within this process, over HTTP, its calls of the network watched. */
export interface WatchedBilling extends BillingAddress {
  readonly rpc: WatchedRpc;
  /** Has one deduction accepted. @throws {Error} when it is not */
  deduct(requestId: string, user: number): Promise<void>;
  waitUntilSettled(requestId: string): Promise<void>;
}

export async function startWatchedBilling(
  { cleanup }: BenchContext,
  databaseUrl: string,
  ledger: BenchLedger,
): Promise<WatchedBilling> {
  const rpc = new WatchedRpc();
  const contextKeys = newContextKeys();
  const variables = billingVariables({ databaseUrl, contextKeys, ledger });
  const billing = compose(readConfig({ ...variables, LOG_LEVEL: "error" }), { rpc: rpc.wrap });
  cleanup.defer(billing.stop);
  await billing.start();
  const url = await billing.app.listen({ host: "127.0.0.1", port: 0 });
  cleanup.defer(async () => {
    billing.release();
    await billing.app.close();
  });
  const address = { url, contextKeys };
  return {
    ...address,
    rpc,
    deduct: async (requestId, user) => {
      const request = {
        requestId,
        userId: `user-${user}`,
        apiId: API_ID,
        endpointId: "endpoint-1",
        apiKeyId: "key-1",
        amountUsdc: AMOUNT_USDC,
      };
      const { status, body } = await callBilling(
        address,
        "POST",
        "/deduct",
        request,
        RESPOND_ASYNC,
      );
      if (status >= 300) throw new Error(`deduct answered ${status}: ${JSON.stringify(body)}`);
    },
    waitUntilSettled: async (requestId) => {
      const isConfirmed = async () => {
        const { body } = await callBilling(address, "GET", `/request/${requestId}`);
        return body["status"] === "confirmed";
      };
      await waitUntil(`${requestId} is confirmed`, isConfirmed, { timeoutMs: SETTLED_TIMEOUT_MS });
    },
  };
}
