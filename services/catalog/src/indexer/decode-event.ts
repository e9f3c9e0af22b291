import { formatUsdc } from "@orrery/common/contracts/money";
import type { ContractEvent } from "@orrery/soroban/events/read-contract-events";

/** An event of the catalogue as it is given to the ingest, which checks every field. */
export interface DecodedEvent {
  readonly eventId: string;
  readonly tenantId: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * What a contract's event says, in the catalogue's words; undefined for events that are none of the
 * catalogue's. What is missing or of another type is left for the ingest to refuse.
 *
 * | topics | data |
 * | --- | --- |
 * | `token_created`, token | `{name, symbol, decimals: u32, total_supply: i128, metadata_uri?}` |
 * | `burn`, from | amount (SEP-41: the contract is the token) |
 * | `burn`, token, from | amount, or `{amount, burned_by?, is_admin_burn?}` |
 * | `pool_created`, pool | `{name, category, token, end_time: u64 seconds, initial_stake?}` |
 * | `prediction_placed`, pool, user | `{outcome, amount}` |
 * | `pool_closed`, pool | – |
 * | `pool_settled`, pool | `{outcome}` |
 *
 * Stakes are i128 in 10^-7 of their token.
 */
export function decodeCatalogEvent(
  event: ContractEvent,
  tenantId: string,
): DecodedEvent | undefined {
  const [name, ...topics] = event.topics;
  const decode = typeof name === "string" ? DECODERS.get(name) : undefined;
  if (decode === undefined) return undefined;
  const { type, payload } = decode(event, topics.map(textOf), fieldsOf(event.data));
  return { eventId: `${event.contractId}/${event.id}`, tenantId, type, payload: present(payload) };
}

type Decoder = (
  event: ContractEvent,
  topics: readonly (string | undefined)[],
  data: Readonly<Record<string, unknown>>,
) => { type: string; payload: Record<string, unknown> };

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  [
    "token_created",
    (_event, [address], data) => ({
      type: "token.created",
      payload: {
        address,
        name: textOf(data["name"]),
        symbol: textOf(data["symbol"]),
        decimals: data["decimals"],
        totalSupply: integerOf(data["total_supply"]),
        metadataUri: textOf(data["metadata_uri"]),
      },
    }),
  ],
  [
    "burn",
    (event, topics, data) => {
      const [tokenAddress, from] = topics.length === 1 ? [event.contractId, topics[0]] : topics;
      return {
        type: "burn.created",
        payload: {
          tokenAddress,
          txHash: event.txHash,
          eventIndex: event.eventIndex,
          from,
          amount: integerOf(typeof event.data === "bigint" ? event.data : data["amount"]),
          burnedBy: textOf(data["burned_by"]) ?? from,
          isAdminBurn: data["is_admin_burn"],
          timestamp: event.closedAt?.toISOString(),
        },
      };
    },
  ],
  [
    "pool_created",
    (_event, [poolId], data) => ({
      type: "pool.created",
      payload: {
        poolId,
        name: textOf(data["name"]),
        category: textOf(data["category"]),
        token: textOf(data["token"]),
        endTime: timeOf(data["end_time"]),
        initialStake: stakeOf(data["initial_stake"]),
      },
    }),
  ],
  [
    "prediction_placed",
    (_event, [poolId, userAddress], data) => ({
      type: "prediction.placed",
      payload: {
        poolId,
        userAddress,
        outcome: textOf(data["outcome"]),
        amount: stakeOf(data["amount"]),
      },
    }),
  ],
  ["pool_closed", (_event, [poolId]) => ({ type: "pool.closed", payload: { poolId } })],
  [
    "pool_settled",
    (_event, [poolId], data) => ({
      type: "pool.settled",
      payload: { poolId, outcome: textOf(data["outcome"]) },
    }),
  ],
]);

function fieldsOf(data: unknown): Readonly<Record<string, unknown>> {
  const isMap = typeof data === "object" && data !== null && !Array.isArray(data);
  return isMap ? (data as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : undefined;
}

function integerOf(value: unknown): string | undefined {
  return typeof value === "bigint" ? value.toString() : undefined;
}

/** A stake as a decimal string; a negative one is refused later. */
function stakeOf(value: unknown): string | undefined {
  return typeof value === "bigint" ? formatUsdc(value) : undefined;
}

function timeOf(value: unknown): string | undefined {
  if (typeof value !== "bigint") return undefined;
  const time = new Date(Number(value) * 1_000);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
