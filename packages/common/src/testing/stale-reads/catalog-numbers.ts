import { API_PREFIX } from "../../contracts/operations.ts";
import type { Shown, WatchedNumber } from "./watch-reads.ts";

/** What an instance of the catalog answered. */
export interface CatalogAnswer {
  readonly status: number;
  readonly text: string;
  /** The header `X-Cache`. */
  readonly cache: string;
}

/** Calls an instance as the gateway would; `path` begins with the version's prefix. */
export type CallCatalog = (
  instance: number,
  method: "GET" | "POST",
  path: string,
  body?: object,
) => Promise<CatalogAnswer>;

const TOKEN = "WATCHED";
const POOL = "watched";
const SUPPLY = 1_000_000_000;

/** Makes one token and one pool; gives the numbers of theirs that burns and predictions raise. */
export async function makeCatalogNumbers(call: CallCatalog): Promise<readonly WatchedNumber[]> {
  await write(call, 0, "/tokens", {
    address: TOKEN,
    name: "Watched",
    symbol: "WTC",
    decimals: 0,
    totalSupply: String(SUPPLY),
  });
  await write(call, 0, "/pools", {
    eventId: "watched-pool",
    poolId: POOL,
    name: "Watched",
    category: "watched",
    token: "USDC",
    endTime: "2099-01-01T00:00:00Z",
  });
  return [burnsOf(call), predictionsOf(call)];
}

function burnsOf(call: CallCatalog): WatchedNumber {
  let count = 0;
  const board = (query: string) =>
    viewOf(call, `/leaderboard/${query}`, ({ data }: Board) => Number(data[0]?.metric ?? 0));
  return {
    name: "burns",
    raise: (instance) => {
      count += 1;
      const burn = { txHash: `watched-${count}`, from: "ada", amount: "1", burnedBy: "ada" };
      return write(call, instance, `/tokens/${TOKEN}/burns`, burn);
    },
    views: {
      "most burned of the platform": board("most-burned?period=7d"),
      "most active of the tenant": board("most-active?period=24h&scope=tenant"),
      "largest supply": viewOf(call, "/leaderboard/largest-supply", ({ data }: Board) =>
        data[0] === undefined ? 0 : SUPPLY - Number(data[0].metric),
      ),
      search: viewOf(
        call,
        "/tokens/search?q=watched",
        ({ data }: Found) => data[0]?.burnCount ?? 0,
      ),
    },
  };
}

function predictionsOf(call: CallCatalog): WatchedNumber {
  let count = 0;
  return {
    name: "predictions",
    raise: (instance) => {
      count += 1;
      const prediction = {
        eventId: `watched-${count}`,
        userAddress: "ada",
        outcome: "yes",
        amount: "1",
      };
      return write(call, instance, `/pools/${POOL}/predictions`, prediction);
    },
    views: {
      "statistics of all": viewOf(call, "/stats", ({ totalBets }: Stats) => totalBets),
      "statistics of a category": viewOf(
        call,
        "/stats?category=watched",
        ({ totalBets }: Stats) => totalBets,
      ),
    },
  };
}

interface Board {
  readonly data: readonly { readonly metric: string }[];
}
interface Found {
  readonly data: readonly { readonly burnCount: number }[];
}
interface Stats {
  readonly totalBets: number;
}

function viewOf<Body>(call: CallCatalog, path: string, numberOf: (body: Body) => number) {
  return async (instance: number): Promise<Shown> => {
    const { status, text, cache } = await call(instance, "GET", `${API_PREFIX}${path}`);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text}`);
    return { value: numberOf(JSON.parse(text) as Body), cache };
  };
}

async function write(
  call: CallCatalog,
  instance: number,
  path: string,
  body: object,
): Promise<void> {
  const { status, text } = await call(instance, "POST", `${API_PREFIX}${path}`, body);
  if (status !== 201) throw new Error(`POST ${path} answered ${status}: ${text}`);
}
