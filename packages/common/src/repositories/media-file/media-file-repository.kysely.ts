import { sql } from "kysely";
import { ProblemError } from "../../contracts/errors.ts";
import { type OrreryDatabase, withTenant } from "../database.ts";
import { violatedConstraint } from "../postgres-error.ts";
import type { MediaFile, MediaFileRepository } from "./media-file-repository.ts";

export class KyselyMediaFileRepository implements MediaFileRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async put(tenantId: string, file: MediaFile): Promise<{ isNew: boolean }> {
    const { tokenAddress, path } = file;
    const known = {
      content_type: file.contentType,
      bytes: BigInt(file.bytes),
      sha256: file.sha256,
      updated_at: file.updatedAt,
    };
    try {
      const { is_new } = await withTenant(this.#database, tenantId, (transaction) =>
        transaction
          .insertInto("media_files")
          .values({ tenant_id: tenantId, token_address: tokenAddress, path, ...known })
          .onConflict((conflict) =>
            conflict.columns(["tenant_id", "token_address", "path"]).doUpdateSet(known),
          )
          // A row that this statement inserted has no deleting or locking transaction yet.
          .returning(sql<boolean>`xmax = 0`.as("is_new"))
          .executeTakeFirstOrThrow(),
      );
      return { isNew: is_new };
    } catch (error) {
      if (violatedConstraint(error) !== "media_files_token_fkey") throw error;
      throw new ProblemError("token_not_found", `The tenant has no token ${tokenAddress}.`, {
        cause: error,
      });
    }
  }

  async find(tenantId: string, tokenAddress: string, path: string): Promise<MediaFile | undefined> {
    const row = await withTenant(this.#database, tenantId, (transaction) =>
      transaction
        .selectFrom("media_files")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("token_address", "=", tokenAddress)
        .where("path", "=", path)
        .executeTakeFirst(),
    );
    if (row === undefined) return undefined;
    return {
      tokenAddress,
      path,
      contentType: row.content_type,
      bytes: Number(row.bytes),
      sha256: row.sha256,
      updatedAt: row.updated_at,
    };
  }
}
