import { type ErrorCode, type FieldError, ProblemError } from "@orrery/common/contracts/errors";
import { compileCheck } from "@orrery/common/contracts/schema-check";
import { isDataFault } from "@orrery/common/repositories/postgres-error";
import type { BurnService } from "../burns/burn-service.ts";
import type { PoolService } from "../pools/pool-service.ts";
import type { TokenService } from "../tokens/token-service.ts";
import { INGESTED, type IngestedEvent } from "./ingest.schemas.ts";

export type IngestResult =
  | { readonly status: "applied" | "duplicate" }
  | {
      readonly status: "rejected";
      readonly code: ErrorCode;
      readonly detail: string;
      readonly errors?: FieldError[];
    };

interface Services {
  readonly tokens: Pick<TokenService, "create" | "get">;
  readonly burns: Pick<BurnService, "record">;
  readonly pools: Pick<PoolService, "create" | "placePrediction" | "close" | "settle">;
}

const checks = new Map(
  Object.entries(INGESTED).map(([type, schema]) => [type, compileCheck(schema)]),
);

/** Applies what others saw happen: the same writes as by the API, each event once. */
export class EventIngest {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /**
   * What an event cannot be applied for is its own fault and said in the result, be it the database
   * that refuses its data. What is ours (the database is away) is thrown, and the event may be given
   * again.
   */
  async apply(event: unknown, { isVerified }: { isVerified: boolean }): Promise<IngestResult> {
    const errors = faultsOf(event);
    if (errors !== undefined) {
      const detail = "The event is not one of the catalogue.";
      return { status: "rejected", code: "invalid_request", detail, errors };
    }
    try {
      const isNew = await this.#apply(event as IngestedEvent, isVerified);
      return { status: isNew ? "applied" : "duplicate" };
    } catch (error) {
      if (isDataFault(error)) return refusedByDatabase(error);
      if (!(error instanceof ProblemError) || error.status >= 500) throw error;
      return { status: "rejected", code: error.code, detail: error.message };
    }
  }

  /** False: it was applied before. */
  async #apply(event: IngestedEvent, isVerified: boolean): Promise<boolean> {
    const { tokens, burns, pools } = this.#services;
    const { tenantId, eventId } = event;
    switch (event.type) {
      case "token.created":
        return this.#createToken(tokens, event);
      case "burn.created": {
        const { tokenAddress, ...burn } = event.payload;
        return isWritten(await burns.record(tenantId, tokenAddress, burn, { isVerified }));
      }
      case "pool.created":
        return isWritten(await pools.create(tenantId, { ...event.payload, eventId }));
      case "prediction.placed": {
        const { poolId, ...prediction } = event.payload;
        const request = { ...prediction, eventId };
        return isWritten(await pools.placePrediction(tenantId, poolId, request));
      }
      case "pool.closed":
        return isWritten(await pools.close(tenantId, event.payload.poolId, eventId));
      case "pool.settled": {
        const { poolId, outcome } = event.payload;
        return isWritten(await pools.settle(tenantId, poolId, { eventId, outcome }));
      }
    }
  }

  /** A token is known by its address: the same one again is no error. */
  async #createToken(
    tokens: Services["tokens"],
    { tenantId, payload }: Extract<IngestedEvent, { type: "token.created" }>,
  ): Promise<boolean> {
    try {
      await tokens.create(tenantId, payload);
      return true;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== "token_exists") throw error;
      const { name, symbol, decimals, totalSupply, totalBurned } = await tokens.get(
        tenantId,
        payload.address,
      );
      const isSame =
        name === payload.name &&
        symbol === payload.symbol &&
        decimals === payload.decimals &&
        totalSupply + totalBurned === BigInt(payload.totalSupply);
      if (!isSame) throw error;
      return false;
    }
  }
}

/** Our checks let pass what they should have refused: it would fail however often it is tried. */
function refusedByDatabase(error: unknown): IngestResult {
  const { code } = error as { code?: string };
  const detail = `The database refuses what the event says (${code}).`;
  return { status: "rejected", code: "internal_error", detail };
}

/** Undefined: the event is one of the catalogue. */
function faultsOf(event: unknown): FieldError[] | undefined {
  const type = typeof event === "object" && event !== null && "type" in event ? event.type : "";
  const check = checks.get(String(type));
  if (check === undefined) {
    const known = Object.keys(INGESTED).join(", ");
    return [{ pointer: "#/type", detail: `must be one of ${known}` }];
  }
  const errors = check(event);
  return errors.length > 0 ? errors : undefined;
}

function isWritten({ sequence }: { sequence: bigint | undefined }): boolean {
  return sequence !== undefined;
}
