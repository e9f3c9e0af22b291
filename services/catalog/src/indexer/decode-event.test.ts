import { compileCheck } from "@orrery/common/contracts/schema-check";
import type { ContractEvent } from "@orrery/soroban/events/read-contract-events";
import { describe, expect, it } from "vitest";
import { INGESTED } from "../ingest/ingest.schemas.ts";
import { decodeCatalogEvent } from "./decode-event.ts";

const TOKEN = "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC";
const CONTRACT = "CDVBSEDY43LMIDH5ENIZNEUB4RVHYKTBFI3E3FL6AE7462HRZ7RXLFTA";
const USER = "GBRPYHIL2CI3FNQ4BXLFMNDLFJUNPU2HY3ZMFSHONUCEOASW7QC7OX2H";

function eventOf(topics: unknown[], data: unknown): ContractEvent {
  return {
    id: "0000000034359738368-0000000003",
    contractId: CONTRACT,
    ledger: 8,
    txHash: "ab".repeat(32),
    eventIndex: 3,
    closedAt: new Date("2026-05-01T00:00:05Z"),
    topics,
    data,
  };
}

describe("an event of the chain", () => {
  it.each([
    [
      "token_created",
      ["token_created", TOKEN],
      { name: "Nova", symbol: "NOV", decimals: 7, total_supply: 10n, metadata_uri: null },
      "token.created",
      { address: TOKEN, name: "Nova", symbol: "NOV", decimals: 7, totalSupply: "10" },
    ],
    [
      "SEP-41's burn: the contract is the token",
      ["burn", USER],
      5n,
      "burn.created",
      {
        tokenAddress: CONTRACT,
        txHash: "ab".repeat(32),
        eventIndex: 3,
        from: USER,
        burnedBy: USER,
        amount: "5",
        timestamp: "2026-05-01T00:00:05.000Z",
      },
    ],
    [
      "a burn that names its token and who burned",
      ["burn", TOKEN, USER],
      { amount: 5n, burned_by: CONTRACT, is_admin_burn: true },
      "burn.created",
      { tokenAddress: TOKEN, from: USER, burnedBy: CONTRACT, isAdminBurn: true, amount: "5" },
    ],
    [
      "pool_created",
      ["pool_created", "final"],
      {
        name: "Final",
        category: "sports",
        token: TOKEN,
        end_time: 1_800_000_000n,
        initial_stake: 25_000_000n,
      },
      "pool.created",
      { poolId: "final", endTime: "2027-01-15T08:00:00.000Z", initialStake: "2.5" },
    ],
    [
      "prediction_placed",
      ["prediction_placed", "final", USER],
      { outcome: "home", amount: 1n },
      "prediction.placed",
      { poolId: "final", userAddress: USER, outcome: "home", amount: "0.0000001" },
    ],
    ["pool_closed", ["pool_closed", "final"], undefined, "pool.closed", { poolId: "final" }],
    [
      "pool_settled",
      ["pool_settled", "final"],
      { outcome: "home" },
      "pool.settled",
      { poolId: "final", outcome: "home" },
    ],
  ] as const)("%s is one of the catalogue", (_name, topics, data, type, payload) => {
    const decoded = decodeCatalogEvent(eventOf([...topics], data), "acme");
    expect(decoded).toMatchObject({ tenantId: "acme", type, payload });
    expect(decoded?.eventId).toBe(`${CONTRACT}/0000000034359738368-0000000003`);
    expect(compileCheck(INGESTED[type])(decoded)).toEqual([]);
  });

  it.each([
    ["transfer", ["transfer", USER, USER], 5n],
    ["no name", [7n], 5n],
    ["no topics", [], 5n],
  ])("with %s is none of ours", (_name, topics, data) => {
    expect(decodeCatalogEvent(eventOf(topics, data), "acme")).toBeUndefined();
  });

  it.each([
    ["a negative amount", ["burn", USER], -5n],
    ["an amount of another type", ["burn", USER], "5"],
    ["nobody whose tokens were burned", ["burn"], 5n],
    ["a time beyond all calendars", ["pool_created", "final"], { end_time: 2n ** 63n }],
    ["a name that is a number", ["token_created", TOKEN], { name: 7, total_supply: 1n }],
    [
      "decimals of another type",
      ["token_created", TOKEN],
      { name: "Nova", symbol: "NOV", decimals: 7n, total_supply: 1n },
    ],
    ["an integer for a yes or no", ["burn", USER], { amount: 5n, is_admin_burn: 1n }],
    ["NUL in a text", ["pool_settled", "final"], { outcome: "a\0" }],
  ])("with %s is one that the ingest refuses", (_name, topics, data) => {
    const decoded = decodeCatalogEvent(eventOf(topics, data), "acme");
    const schema = INGESTED[decoded?.type as keyof typeof INGESTED];
    expect(compileCheck(schema)(decoded)).not.toEqual([]);
  });
});
