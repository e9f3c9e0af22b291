import type { Selectable } from "kysely";
import type { Token } from "./token-repository.ts";
import type { TokensTable } from "./tokens-table.ts";

export function tokenOf(row: Omit<Selectable<TokensTable>, "search_text">): Token {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    address: row.address,
    name: row.name,
    symbol: row.symbol,
    decimals: row.decimals,
    totalSupply: BigInt(row.total_supply),
    totalBurned: BigInt(row.total_burned),
    burnCount: Number(row.burn_count),
    metadataUri: row.metadata_uri ?? undefined,
    listed: row.listed,
    createdAt: row.created_at,
  };
}
