import type { OperationReference } from "./operation-reference.ts";

const TOKEN = "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC";
const HOLDER = "GBRPYHIL2CI3FNQ4BXLFMNDLFJUNPU2HY3ZMFSHONUCEOASW7QC7OX2H";
const TX = "9f2c4f9d0c8e7b6a5d4c3b2a19080706f5e4d3c2b1a09f8e7d6c5b4a39281706";

const NEW_TOKEN = {
  address: TOKEN,
  name: "Star Dust",
  symbol: "STAR",
  decimals: 7,
  totalSupply: "1000000000",
};
const BURN = { txHash: TX, from: HOLDER, amount: "2500000", burnedBy: HOLDER };

const TOKENS = {
  createToken: {
    tag: "Tokens",
    summary: "Register a token",
    description: "Its creator is the tenant. An address is unique per tenant.",
    errors: ["token_exists"],
    headers: ["location"],
    examples: {
      star: { summary: "A token", body: NEW_TOKEN, status: 201 },
      taken: { summary: "An address that is taken", body: NEW_TOKEN, status: 409 },
      malformed: {
        summary: "Fields that are not valid",
        body: { ...NEW_TOKEN, address: "with space", decimals: 39 },
        status: 400,
      },
    },
  },
  recordBurn: {
    tag: "Tokens",
    summary: "Record a burn",
    description:
      "A burn is known by `txHash` and `eventIndex`: counted once, however often it is sent. It adds to " +
      "`totalBurned` and `burnCount` and takes from `totalSupply`.",
    answers: { 200: "Recorded before.", 201: "Recorded now." },
    errors: ["token_not_found", "burn_mismatch", "burn_exceeds_supply"],
    examples: {
      first: { summary: "A burn", path: { address: TOKEN }, body: BURN, status: 201 },
      repeated: {
        summary: "The same again: not counted twice",
        path: { address: TOKEN },
        body: BURN,
        status: 200,
      },
      excessive: {
        summary: "More than there is",
        path: { address: TOKEN },
        body: { ...BURN, eventIndex: 1, amount: "1000000000000" },
        status: 422,
      },
    },
  },
  searchTokens: {
    tag: "Tokens",
    summary: "Search tokens",
    description: "The tenant's own tokens alone.",
    kind: "cached",
    examples: {
      byName: {
        summary: "By a part of the name",
        query: { q: "star", hasBurns: "true" },
        status: 200,
      },
    },
  },
  getToken: {
    tag: "Tokens",
    summary: "Get a token",
    description: "One of the tenant's own.",
    errors: ["token_not_found"],
    examples: {
      star: { summary: "A token", path: { address: TOKEN }, status: 200 },
      unknown: { summary: "Not the tenant's", path: { address: "unknown" }, status: 404 },
    },
  },
} as const satisfies Readonly<Record<string, OperationReference>>;

const MEDIA = {
  putMedia: {
    tag: "Media",
    summary: "Put a file",
    description:
      "At most 10 MiB, of any type; its `Content-Type` is kept. A file at the same path is replaced.",
    answers: { 200: "A file was there, and is replaced.", 201: "A new file." },
    errors: ["token_not_found"],
    examples: {
      readme: {
        summary: "A text",
        path: { address: TOKEN },
        query: { path: "about/readme.txt" },
        headers: { "content-type": "text/plain" },
        body: "Star Dust is what stars leave behind.",
        status: 201,
      },
    },
  },
  getMediaUrl: {
    tag: "Media",
    summary: "Get a link to a file",
    description: "The link is a credential in itself. Of a directory it opens every file in it.",
    errors: ["token_not_found"],
    headers: ["cache-control"],
    examples: {
      readme: {
        summary: "A link that the origin signed",
        path: { address: TOKEN },
        query: { path: "about/readme.txt" },
        status: 200,
      },
    },
  },
  getMedia: {
    tag: "Media",
    summary: "Get a file by its link",
    description: "The link is the credential. `path` may hold slashes.",
    errors: ["media_url_invalid", "media_url_expired", "media_not_found"],
    kind: "file",
    examples: {
      readme: {
        summary: "The text",
        path: { tenantId: "acme", address: TOKEN, path: "about/readme.txt" },
        query: {
          expires: { answer: "getMediaUrl.readme", pointer: "/url", query: "expires" },
          sig: { answer: "getMediaUrl.readme", pointer: "/url", query: "sig" },
        },
        status: 200,
      },
    },
  },
} as const satisfies Readonly<Record<string, OperationReference>>;

const BOARDS = {
  getLeaderboard: {
    tag: "Leaderboards",
    summary: "Get a leaderboard",
    description:
      "`type` is most-burned, most-active, most-burners, newest or largest-supply. Ties break by token address.",
    errors: ["leaderboard_not_found"],
    kind: "cached",
    examples: {
      mostBurned: {
        summary: "The week's most burned",
        path: { type: "most-burned" },
        query: { period: "7d", limit: "3" },
        status: 200,
      },
      unknown: { summary: "No such board", path: { type: "most-loved" }, status: 404 },
    },
  },
  watchLeaderboard: {
    tag: "Leaderboards",
    summary: "Watch a leaderboard",
    description:
      "Server-sent events: the board now, and again whenever it changed, at most once in 5 s. Each event has an " +
      "id; `Last-Event-ID` says which one the reader has. A comment every 15 s keeps the connection open; " +
      "after an hour it is ended, to be opened again.",
    errors: ["leaderboard_not_found", "live_full"],
    kind: "events",
    examples: {
      mostBurned: {
        summary: "The first event",
        path: { type: "most-burned" },
        query: { limit: "3" },
        status: 200,
      },
    },
  },
} as const satisfies Readonly<Record<string, OperationReference>>;

const POOL = { path: { poolId: "final-2026" } } as const;

const POOLS = {
  createPool: {
    tag: "Pools",
    summary: "Create a pool",
    description:
      "It belongs to the tenant, who alone may write to it. A `poolId` is unique on the platform.",
    answers: { 200: "This `eventId` was counted before.", 201: "Created." },
    errors: ["pool_exists", "event_id_reused"],
    examples: {
      final: {
        summary: "A pool with a stake",
        body: {
          eventId: "final-2026/created",
          poolId: "final-2026",
          name: "Who wins the final?",
          category: "sports",
          token: "USDC",
          endTime: "2100-01-01T00:00:00.000Z",
          initialStake: "100",
        },
        status: 201,
      },
    },
  },
  placePrediction: {
    tag: "Pools",
    summary: "Place a prediction",
    answers: { 200: "This `eventId` was counted before.", 201: "Counted." },
    errors: ["pool_not_found", "pool_closed", "event_id_reused"],
    examples: {
      home: {
        summary: "A stake on an outcome",
        ...POOL,
        body: {
          eventId: "final-2026/prediction-1",
          userAddress: HOLDER,
          outcome: "home",
          amount: "25.5",
        },
        status: 201,
      },
    },
  },
  closePool: {
    tag: "Pools",
    summary: "Close a pool",
    description: "It takes no more predictions.",
    errors: ["pool_not_found", "invalid_pool_state", "event_id_reused"],
    examples: {
      final: {
        summary: "The match has begun",
        ...POOL,
        body: { eventId: "final-2026/closed" },
        status: 200,
      },
    },
  },
  settlePool: {
    tag: "Pools",
    summary: "Settle a pool",
    description: "Names the outcome of a closed pool.",
    errors: ["pool_not_found", "invalid_pool_state", "event_id_reused"],
    examples: {
      final: {
        summary: "The match is over",
        ...POOL,
        body: { eventId: "final-2026/settled", outcome: "home" },
        status: 200,
      },
    },
  },
  listPools: {
    tag: "Pools",
    summary: "List pools",
    description: "Of every tenant.",
    examples: {
      sports: { summary: "A category", query: { category: "sports" }, status: 200 },
    },
  },
  getPool: {
    tag: "Pools",
    summary: "Get a pool",
    description: "Of any tenant.",
    errors: ["pool_not_found"],
    examples: { final: { summary: "A settled pool", ...POOL, status: 200 } },
  },
  getStats: {
    tag: "Pools",
    summary: "Get statistics of pools",
    description: "Stakes and predictions of the platform's pools that match.",
    kind: "cached",
    examples: { settled: { summary: "Settled pools", query: { status: "settled" }, status: 200 } },
  },
} as const satisfies Readonly<Record<string, OperationReference>>;

export const CATALOG_REFERENCE = { ...TOKENS, ...MEDIA, ...BOARDS, ...POOLS };
