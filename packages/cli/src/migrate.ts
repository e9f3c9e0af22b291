import { migrateToLatest } from "@orrery/common/repositories/migrations/migrate";
import { type Command, EXIT } from "./command.ts";
import { readMigrationUrl } from "./config.ts";

/** Brings the schema of `MIGRATION_DATABASE_URL`, or else of `DATABASE_URL`, up to date. */
export const migrate: Command = {
  name: "migrate",
  summary: "Bring the database's schema up to date.",
  async run(output, env) {
    const { applied } = await migrateToLatest(readMigrationUrl(env));
    for (const name of applied) output.line(`applied ${name}`);
    output.line(applied.length === 0 ? "the schema is up to date" : `${applied.length} applied`);
    output.json({ applied });
    return EXIT.ok;
  },
};
