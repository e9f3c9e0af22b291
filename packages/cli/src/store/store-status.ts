import {
  STORED_REPOSITORIES,
  type StoredRepository,
} from "@orrery/common/repositories/cutover/store-mode";
import type { StoreStatus } from "@orrery/common/repositories/cutover/store-status";
import { type Command, EXIT, type Output } from "../command.ts";
import { StoreClient, type StoreOverview } from "./store-client.ts";

/** Shows where each repository is. */
export const showStores: Command = {
  name: "store status",
  summary: "Show where streams, idempotency keys and exports are kept.",
  async run(output, env) {
    const overview = await new StoreClient(env).read();
    printStores(output, overview);
    output.json(overview);
    return EXIT.ok;
  },
};

export function printStores(output: Output, overview: StoreOverview): void {
  if (!overview.hasDatabase) output.line("billing has no database: everything is in its memory");
  for (const name of STORED_REPOSITORIES) output.line(lineOf(name, overview.repositories[name]));
}

function lineOf(name: StoredRepository, status: StoreStatus): string {
  const { mode, reads, backfill, verification, repairs, hasOverflowed } = status;
  const parts = [`${name.padEnd(12)} ${mode.padEnd(9)} reads ${reads.padEnd(9)}`];
  if (mode === "dual") {
    parts.push(`backfill ${backfill.state} (${backfill.copied})`);
    parts.push(`verification ${verification.state} (${verification.compared})`);
    if (repairs > 0) parts.push(`${repairs} wait for repair`);
    if (hasOverflowed) parts.push("repairs overflowed: backfill again");
  }
  return parts.join(", ");
}
