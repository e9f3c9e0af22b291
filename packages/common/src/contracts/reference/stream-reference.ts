import type { OperationReference } from "./operation-reference.ts";

const PAYEE = "GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7";
const WALLET = "GBRPYHIL2CI3FNQ4BXLFMNDLFJUNPU2HY3ZMFSHONUCEOASW7QC7OX2H";

const STREAM = {
  id: "stream-ada",
  senderUserId: "ada",
  recipient: PAYEE,
  ratePerSecondStroops: "100000",
  totalAmountUsdc: "25",
};

const SETTLING_ERRORS = [
  "stream_not_found",
  "invalid_stream_state",
  "settlement_in_progress",
  "stream_busy",
  "vault_not_found",
  "insufficient_balance",
  "deduction_rejected",
  "backlog_full",
  "soroban_unavailable",
] as const;

const MOVE_ERRORS = [
  "stream_not_found",
  "invalid_stream_state",
  "settlement_in_progress",
  "stream_busy",
] as const;

const SETTLED = {
  200: "What had accrued is paid; also when nothing had.",
  202: "The payment is under way; `Location` tells.",
};

const STREAMS = {
  createStream: {
    tag: "Streams",
    summary: "Create a stream",
    description: "A draft: nothing accrues before it is started.",
    errors: ["stream_exists"],
    headers: ["location"],
    examples: {
      ada: { summary: "A stream", body: STREAM, status: 201 },
      trial: { summary: "Another", body: { ...STREAM, id: "stream-trial" }, status: 201 },
      unused: { summary: "A third", body: { ...STREAM, id: "stream-unused" }, status: 201 },
      taken: { summary: "An id that is taken", body: STREAM, status: 409 },
    },
  },
  startStream: {
    tag: "Streams",
    summary: "Start or resume a stream",
    description: "From `draft` and `paused` to `active`. An active one stays as it is.",
    errors: MOVE_ERRORS,
    examples: {
      ada: { summary: "A draft", path: { streamId: "stream-ada" }, status: 200 },
      trial: { summary: "Another", path: { streamId: "stream-trial" }, status: 200 },
    },
  },
  getStream: {
    tag: "Streams",
    summary: "Get a stream",
    description: "With what has accrued by now.",
    errors: ["stream_not_found"],
    examples: {
      ada: { summary: "A running stream", path: { streamId: "stream-ada" }, status: 200 },
    },
  },
  listStreams: {
    tag: "Streams",
    summary: "List streams",
    description: "Ascending by the time of creation.",
    examples: {
      drafts: { summary: "Those not yet started", query: { status: "draft" }, status: 200 },
    },
  },
  pauseStream: {
    tag: "Streams",
    summary: "Pause a stream",
    description: "Paused time does not accrue.",
    errors: MOVE_ERRORS,
    examples: {
      ada: { summary: "A running stream", path: { streamId: "stream-ada" }, status: 200 },
    },
  },
  stopStream: {
    tag: "Streams",
    summary: "Stop a stream",
    description: "Pays what has accrued, then ends it. A draft ends at once.",
    answers: SETTLED,
    errors: SETTLING_ERRORS,
    honoursPrefer: true,
    headers: ["location", "retry-after"],
    examples: {
      unused: { summary: "A draft", path: { streamId: "stream-unused" }, status: 200 },
    },
  },
  settleStream: {
    tag: "Streams",
    summary: "Settle a stream",
    description: "Pays what has accrued and ends it.",
    answers: SETTLED,
    errors: SETTLING_ERRORS,
    honoursPrefer: true,
    headers: ["location", "retry-after"],
    examples: {
      ada: {
        summary: "Paid on chain",
        path: { streamId: "stream-ada" },
        headers: { "idempotency-key": "settle stream-ada", prefer: "wait=25" },
        status: 200,
      },
      keyless: {
        summary: "Without a key",
        path: { streamId: "stream-ada" },
        status: 400,
      },
    },
  },
  cancelStream: {
    tag: "Streams",
    summary: "Cancel a stream",
    description: "Pays what has accrued and leaves the rest with the sender.",
    answers: SETTLED,
    errors: [...SETTLING_ERRORS, "stream_not_cancellable"],
    honoursPrefer: true,
    headers: ["location", "retry-after"],
    examples: {
      trial: {
        summary: "A running stream",
        path: { streamId: "stream-trial" },
        headers: { prefer: "wait=25" },
        status: 200,
      },
      ended: {
        summary: "One that has ended",
        path: { streamId: "stream-ada" },
        status: 409,
      },
    },
  },
  withdrawStream: {
    tag: "Streams",
    summary: "Withdraw a stream",
    description:
      "Closes an ended stream once its settlement is final: a few ledgers over it, until when the answer is " +
      "202. What it cannot be, `withdrawal.failureCode` says; then it may be tried again.",
    answers: { 200: "Withdrawn.", 202: "Pending until the settlement is final." },
    errors: MOVE_ERRORS,
    headers: ["location", "retry-after"],
    examples: {
      ada: {
        summary: "Settled, not yet final",
        path: { streamId: "stream-ada" },
        headers: { "idempotency-key": "withdraw stream-ada" },
        status: 202,
      },
    },
  },
} as const satisfies Readonly<Record<string, OperationReference>>;

const PEOPLE = {
  listStreamActivity: {
    tag: "Activity",
    summary: "List what happened to a stream",
    description: "Newest first.",
    errors: ["stream_not_found"],
    examples: {
      unused: {
        summary: "A draft that was stopped",
        path: { streamId: "stream-unused" },
        status: 200,
      },
    },
  },
  listActivity: {
    tag: "Activity",
    summary: "List what happened to streams",
    description: "Newest first.",
    examples: {
      cancelled: {
        summary: "Streams that were cancelled",
        query: { type: "stream.cancelled" },
        status: 200,
      },
    },
  },
  putUser: {
    tag: "Users",
    summary: "Name a user",
    answers: { 200: "The user was known and is changed.", 201: "A new user." },
    examples: {
      ada: {
        summary: "A user with a name",
        path: { walletAddress: WALLET },
        body: { displayName: "Ada" },
        status: 201,
      },
    },
  },
  getUser: {
    tag: "Users",
    summary: "Get a user",
    errors: ["user_not_found"],
    examples: { ada: { summary: "A user", path: { walletAddress: WALLET }, status: 200 } },
  },
} as const satisfies Readonly<Record<string, OperationReference>>;

export const STREAM_REFERENCE = { ...STREAMS, ...PEOPLE };
