import { IdempotencyCleanupJob } from "@orrery/common/repositories/idempotency/idempotency-cleanup-job";
import { type Command, EXIT, UsageError } from "./command.ts";
import { withStores } from "./compose.ts";

/** More than these are told as “at least”. */
const MOST_COUNTED = 1_000_000;

/** Deletes the idempotency keys that are kept no longer, as the services do by themselves. */
export const cleanIdempotency: Command = {
  name: "idempotency cleanup",
  parameters: "[--dry-run]",
  summary: "Delete the idempotency keys that are kept no longer; --dry-run only counts them.",
  options: { "dry-run": { type: "boolean" } },
  async run(output, env, { options, operands }) {
    if (operands.length > 0) throw new UsageError(`unexpected “${operands[0]}”`);
    const isDryRun = options["dry-run"] === true;
    const keys = await withStores(env, ({ idempotency }) =>
      isDryRun
        ? idempotency.countExpired(MOST_COUNTED)
        : new IdempotencyCleanupJob(idempotency).run((deleted) =>
            output.progress(`${deleted} deleted`),
          ),
    );
    const isAtLeast = isDryRun && keys === MOST_COUNTED;
    const count = `${isAtLeast ? "at least " : ""}${keys}`;
    output.line(isDryRun ? `${count} would be deleted` : `${count} deleted`);
    output.json({ isDryRun, keys, isAtLeast });
    return EXIT.ok;
  },
};
