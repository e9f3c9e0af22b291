import { ADVICE } from "@orrery/common/reconciliation/advice";
import type { OpenDifference } from "@orrery/common/repositories/reconciliation/reconciliation-state-repository";
import { type Command, EXIT } from "./command.ts";
import { withStores } from "./compose.ts";

const PAGE = 1_000;

/** Shows what the periodic reconciliation has found and nobody has settled. */
export const listDifferences: Command = {
  name: "differences list",
  summary: "Show the open differences that the periodic reconciliation found.",
  async run(output, env) {
    const open = await withStores(env, async ({ state }) => {
      const all: OpenDifference[] = [];
      for (;;) {
        const page = await state.listOpen(all.at(-1), PAGE);
        all.push(...page);
        if (page.length < PAGE) return all;
      }
    });
    for (const { id, kind, ledger, tenantId, subjectId, detail, foundAt } of open) {
      const whose = tenantId === undefined ? "" : ` · ${tenantId} ${subjectId}`;
      output.line(`${id} ${kind} in ledger ${ledger}${whose} · ${foundAt.toISOString()}`);
      output.line(`    ${detail}`);
      output.line(`    → ${ADVICE[kind]}`);
    }
    output.line(open.length === 0 ? "no open differences" : `${open.length} open differences`);
    output.json({ differences: open });
    return EXIT.ok;
  },
};
