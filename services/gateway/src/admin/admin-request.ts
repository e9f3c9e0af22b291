import { decodeCursor } from "@orrery/common/contracts/keyset-page";
import type { FastifyRequest } from "fastify";
import type { AdminCall } from "./admin-call.ts";

/** Who administers: the credential of the request. */
export function adminCallOf({ grant, id }: Pick<FastifyRequest, "grant" | "id">): AdminCall {
  return { principal: grant.principal, requestId: id };
}

/** @throws {ProblemError} invalid_cursor */
export function afterIdOf(
  cursor: string | undefined,
  isId: (id: string) => boolean,
): string | undefined {
  return cursor === undefined ? undefined : decodeCursor(cursor, isId);
}
