import { API_PREFIX, OPERATIONS } from "@orrery/common/contracts/operations";
import type {
  Token,
  TokenSearch,
  TokenSort,
} from "@orrery/common/repositories/token/token-repository";

/** The most tokens of one page of a search. */
const MAX_SEARCH_LIMIT = 50;
const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A search as a caller words it. */
export interface SearchRequest {
  q?: string;
  startDate?: string;
  endDate?: string;
  minSupply?: string;
  maxSupply?: string;
  hasBurns?: boolean;
  sortBy: TokenSort;
  sortOrder: "asc" | "desc";
  page: number;
  limit: number;
}

/** The search that a request means, its limit capped: what two requests have in common they share. */
export function searchOf(request: SearchRequest): TokenSearch {
  const { q, startDate, endDate, minSupply, maxSupply, hasBurns } = request;
  const limit = Math.min(request.limit, MAX_SEARCH_LIMIT);
  return {
    ...(q === undefined ? {} : { text: q.toLowerCase() }),
    ...(startDate === undefined ? {} : { createdFrom: new Date(startDate) }),
    ...(endDate === undefined ? {} : { createdTo: endOf(endDate) }),
    ...(minSupply === undefined ? {} : { minSupply: BigInt(minSupply) }),
    ...(maxSupply === undefined ? {} : { maxSupply: BigInt(maxSupply) }),
    ...(hasBurns === undefined ? {} : { hasBurns }),
    sortBy: request.sortBy,
    sortOrder: request.sortOrder,
    offset: (request.page - 1) * limit,
    limit,
  };
}

/** A date ends with its day. */
function endOf(text: string): Date {
  const atMs = Date.parse(text);
  return new Date(DATE.test(text) ? atMs + DAY_MS - 1 : atMs);
}

/** What everyone may see of a token, as it goes over the wire. */
export function publicTokenReply(token: Omit<Token, "id" | "tenantId" | "listed">) {
  const { metadataUri } = token;
  return {
    address: token.address,
    name: token.name,
    symbol: token.symbol,
    decimals: token.decimals,
    totalSupply: token.totalSupply.toString(),
    totalBurned: token.totalBurned.toString(),
    burnCount: token.burnCount,
    ...(metadataUri === undefined ? {} : { metadataUri }),
    createdAt: token.createdAt.toISOString(),
  };
}

/** A token as its own tenant sees it. */
export function tokenReply(token: Token) {
  const { id, tenantId, listed } = token;
  return { id, creator: tenantId, ...publicTokenReply(token), listed };
}

/** What the creation of a token is answered. */
export function createdAnswer({ token }: { token: Token }) {
  const location = `${API_PREFIX}${OPERATIONS.createToken.path}/${encodeURIComponent(token.address)}`;
  return { status: 201, headers: { location }, body: tokenReply(token) };
}
