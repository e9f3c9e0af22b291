import type { OperationReference } from "./operation-reference.ts";

const VAULT = "CA3D5KRYM6CB7OWQ6TWYRR3Z4T7GNZLKERYNZGGA5SOAOPIFY6YQGAXE";
const PAYEE = "GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7";

const DEDUCTION = {
  requestId: "req-1001",
  userId: "ada",
  apiId: "weather",
  endpointId: "forecast",
  apiKeyId: "key-1",
  amountUsdc: "1.5",
};

const REGISTRY = {
  putVault: {
    tag: "Registry",
    summary: "Say which vault a user pays from",
    description:
      "Later deductions pay from it; those that were accepted keep their vault. A contract lets the platform charge it and cannot tell for which tenant: the first tenant that names it keeps it.",
    errors: ["vault_taken"],
    answers: { 200: "The user had a vault; now it is this one.", 201: "The user's first vault." },
    examples: {
      ada: {
        summary: "A user's vault",
        path: { userId: "ada" },
        body: { contractId: VAULT },
        status: 201,
      },
    },
  },
  getVault: {
    tag: "Registry",
    summary: "Get a user's vault",
    errors: ["vault_not_found"],
    examples: {
      ada: { summary: "A user's vault", path: { userId: "ada" }, status: 200 },
      none: { summary: "A user without one", path: { userId: "nobody" }, status: 404 },
    },
  },
  putApi: {
    tag: "Registry",
    summary: "Say where an API's earnings go",
    description: "Later deductions pay to it; those that were accepted keep their payee.",
    answers: { 200: "The API was known and is changed.", 201: "A new API." },
    examples: {
      weather: {
        summary: "An API whose calls are charged one by one",
        path: { apiId: "weather" },
        body: { name: "Weather", payoutAddress: PAYEE },
        status: 201,
      },
      tiles: {
        summary: "An API whose calls are charged together",
        path: { apiId: "tiles" },
        body: {
          name: "Map tiles",
          payoutAddress: PAYEE,
          settlement: "aggregated",
          settleEverySeconds: 86_400,
          settleAtUsdc: "25",
        },
        status: 201,
      },
    },
  },
  getApi: {
    tag: "Registry",
    summary: "Get an API",
    errors: ["api_not_found"],
    examples: { weather: { summary: "An API", path: { apiId: "weather" }, status: 200 } },
  },
  getBalance: {
    tag: "Registry",
    summary: "Get a user's balance",
    description:
      "The vault's balance as the chain tells it, and what is accepted against it but not yet on chain.",
    errors: ["vault_not_found", "soroban_unavailable"],
    examples: { ada: { summary: "A funded vault", path: { userId: "ada" }, status: 200 } },
  },
} as const satisfies Readonly<Record<string, OperationReference>>;

const DEDUCTIONS = {
  deduct: {
    tag: "Deductions",
    summary: "Charge for one call",
    description:
      "Charges `amountUsdc` from the user's vault to the API's payout address, exactly once per `requestId`, " +
      "whatever is retried: a repeat is told what became of the first. `requestId` is unique per tenant. What " +
      "it pays from and to is frozen when it is accepted.\n\n" +
      "The call waits up to 15 s for the chain, or as `Prefer` says. An outage of the chain is no error: the " +
      "answer is 202, and the charge follows when the chain is back. After 402 and 502 the same `requestId` may " +
      "be tried again; after 503 and after no answer at all it should be.",
    answers: {
      200: "Charged by an earlier request with this `requestId`.",
      201: "Charged on chain by this request.",
      202: "Accepted for good. It will be charged exactly once or reported failed; `Location` tells.",
    },
    errors: [
      "vault_not_found",
      "api_not_found",
      "insufficient_balance",
      "request_id_mismatch",
      "deduction_rejected",
      "backlog_full",
      "soroban_unavailable",
    ],
    honoursPrefer: true,
    headers: ["location", "retry-after"],
    examples: {
      charged: {
        summary: "Charged on chain",
        headers: { prefer: "wait=25" },
        body: DEDUCTION,
        status: 201,
      },
      repeated: {
        summary: "The same again: nothing more is charged",
        headers: { prefer: "wait=25" },
        body: DEDUCTION,
        status: 200,
      },
      accepted: {
        summary: "Accepted without waiting",
        headers: { prefer: "respond-async" },
        body: { ...DEDUCTION, requestId: "req-1002", endpointId: "history" },
        status: 202,
      },
      reserved: {
        summary: "Reserved, to be charged with others",
        body: { ...DEDUCTION, requestId: "req-1003", apiId: "tiles", amountUsdc: "0.0005" },
        status: 202,
      },
      mismatch: {
        summary: "A `requestId` that was used for another amount",
        body: { ...DEDUCTION, amountUsdc: "2" },
        status: 409,
      },
      unaffordable: {
        summary: "More than the vault holds",
        headers: { prefer: "wait=25" },
        body: { ...DEDUCTION, requestId: "req-1004", amountUsdc: "100000" },
        status: 402,
      },
      invalid: {
        summary: "An amount that is none",
        body: { ...DEDUCTION, requestId: "req-1005", amountUsdc: "0" },
        status: 400,
      },
    },
  },
  deductBulk: {
    tag: "Deductions",
    summary: "Charge for up to 100 calls",
    description:
      "Each entry is as if it had been sent alone, and all at once: entries for one vault share transactions on " +
      "chain, and none can fail its neighbours. There is one result per entry, in their order. A bulk call of n " +
      "entries counts n against the limit.",
    answers: { 200: "One result per entry; look at each." },
    honoursPrefer: true,
    examples: {
      mixed: {
        summary: "One that is charged, one whose user has no vault",
        headers: { prefer: "wait=25" },
        body: {
          entries: [
            { ...DEDUCTION, requestId: "req-2001", amountUsdc: "0.25" },
            { ...DEDUCTION, requestId: "req-2002", userId: "nobody" },
          ],
        },
        status: 200,
      },
    },
  },
  getRequest: {
    tag: "Deductions",
    summary: "Get the state of a deduction",
    errors: ["request_not_found"],
    examples: {
      charged: {
        summary: "Charged, with its attempts",
        path: { requestId: "req-1002" },
        status: 200,
        until: { pointer: "/status", value: "confirmed" },
      },
      unknown: {
        summary: "An id that was never accepted",
        path: { requestId: "req-9999" },
        status: 404,
      },
    },
  },
  listUsage: {
    tag: "Usage",
    summary: "List usage",
    description: "Newest first by the time of acceptance.",
    examples: {
      filtered: {
        summary: "What a user was charged for an endpoint",
        query: { userId: "ada", endpointId: "history", status: "confirmed", limit: "10" },
        status: 200,
      },
    },
  },
  summariseUsage: {
    tag: "Usage",
    summary: "Sum up usage",
    description: "Confirmed charges, by UTC day, API, endpoint or user.",
    examples: {
      byEndpoint: {
        summary: "An API's endpoints",
        query: { groupBy: "endpoint", apiId: "weather" },
        status: 200,
      },
    },
  },
  listSettlements: {
    tag: "Settlements",
    summary: "List settlements",
    description: "Newest first. Their usage is `GET /billing/usage?settlementId=…`.",
    examples: {
      open: {
        summary: "What is being gathered",
        query: { apiId: "tiles", state: "open" },
        status: 200,
      },
    },
  },
  getSettlement: {
    tag: "Settlements",
    summary: "Get a settlement",
    errors: ["settlement_not_found"],
    examples: {
      open: {
        summary: "One that takes usage",
        path: {
          settlementId: { answer: "listSettlements.open", pointer: "/data/0/settlementId" },
        },
        status: 200,
      },
    },
  },
} as const satisfies Readonly<Record<string, OperationReference>>;

export const BILLING_REFERENCE = { ...REGISTRY, ...DEDUCTIONS };
