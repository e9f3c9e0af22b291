import { createHash } from "node:crypto";
import { Keypair, StrKey } from "@stellar/stellar-sdk";

export interface DemoUser {
  userId: string;
  vaultContractId: string;
}

export interface DemoApi {
  apiId: string;
  name: string;
  payoutAddress: string;
}

export interface DemoTenant {
  tenantId: string;
  name: string;
  users: DemoUser[];
  apis: DemoApi[];
}

/** 1,000 USDC in each demo vault. */
export const VAULT_FUNDS_STROOPS = 10_000_000_000n;

/**
 * The demo's tenants: the same on every start, so that a second one finds what the first made.
 * Vaults and payout addresses derive from their names.
 */
export const DEMO_TENANTS: readonly DemoTenant[] = [
  {
    tenantId: "acme",
    name: "Acme Weather",
    users: users("acme", ["alice", "bob", "carol"]),
    apis: apis("acme", { "weather-api": "Weather", "maps-api": "Maps" }),
  },
  {
    tenantId: "globex",
    name: "Globex Search",
    users: users("globex", ["dora", "erik", "fred"]),
    apis: apis("globex", { "search-api": "Search" }),
  },
];

/** One tenant's token, three burns of it, and a pool with a prediction. */
export const DEMO_TOKEN = {
  address: Keypair.fromRawEd25519Seed(digest("token/acme/STAR")).publicKey(),
  name: "Star Dust",
  symbol: "STAR",
  decimals: 7,
  totalSupply: "1000000000000000",
};

export const DEMO_BURNS = [1, 2, 3].map((number) => ({
  txHash: digest(`burn/acme/STAR/${number}`).toString("hex"),
  eventIndex: 0,
  from: payoutAddress("burner/acme"),
  amount: String(number * 10_000_000),
  burnedBy: payoutAddress("burner/acme"),
}));

/** A contract whose events the catalog indexes, and the tokens that it announces there. */
export const DEMO_CHAIN = {
  tenantId: "acme",
  contractId: StrKey.encodeContract(digest("indexed contract/acme")),
  burner: payoutAddress("chain burner/acme"),
  totalSupply: 10n ** 18n,
  decimals: 7,
  tokens: ["Comet", "Meteor", "Nebula", "Quasar"].map((name) => ({
    address: StrKey.encodeContract(digest(`token/acme/${name}`)),
    name,
    symbol: name.toUpperCase(),
  })),
};

export const DEMO_POOL = {
  poolId: "demo-final",
  eventId: "demo-final/created",
  name: "Who wins the final?",
  category: "sports",
  token: "USDC",
  endTime: "2100-01-01T00:00:00.000Z",
  initialStake: "100",
};

export const DEMO_PREDICTION = {
  eventId: "demo-final/prediction-1",
  userAddress: payoutAddress("predictor/acme"),
  outcome: "home",
  amount: "25.5",
};

function users(tenantId: string, names: readonly string[]): DemoUser[] {
  return names.map((userId) => ({
    userId,
    vaultContractId: StrKey.encodeContract(digest(`vault/${tenantId}/${userId}`)),
  }));
}

function apis(tenantId: string, names: Readonly<Record<string, string>>): DemoApi[] {
  return Object.entries(names).map(([apiId, name]) => ({
    apiId,
    name,
    payoutAddress: payoutAddress(`${tenantId}/${apiId}`),
  }));
}

function payoutAddress(name: string): string {
  return Keypair.fromRawEd25519Seed(digest(`payout/${name}`)).publicKey();
}

function digest(name: string): Buffer {
  return createHash("sha256").update(`orrery demo/${name}`).digest();
}
