import { type Kysely, sql } from "kysely";
import { enableTenantIsolation } from "./tenant-isolation.ts";

/** What is known of tokens' files, which lie in the object store. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table media_files (
      tenant_id text collate "C" not null,
      token_address text collate "C" not null,
      path text collate "C" not null,
      content_type text not null,
      bytes bigint not null check (bytes >= 0),
      sha256 text not null,
      updated_at timestamptz(3) not null,
      primary key (tenant_id, token_address, path),
      constraint media_files_token_fkey
        foreign key (tenant_id, token_address) references tokens (tenant_id, address)
    )
  `.execute(db);
  await enableTenantIsolation(db, "media_files");
}
