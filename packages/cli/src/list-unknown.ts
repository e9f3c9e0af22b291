import { formatUsdc } from "@orrery/common/contracts/money";
import type { UnknownSubmission } from "@orrery/common/repositories/reconciliation/operator-repository";
import { type Command, EXIT } from "./command.ts";
import { withStores } from "./compose.ts";

const PAGE = 500;

/** Shows the charges of which nobody can tell whether they happened. */
export const listUnknown: Command = {
  name: "unknown list",
  summary: "Show the charges of which nobody can tell whether they happened.",
  async run(output, env) {
    const unknown = await withStores(env, async ({ operator }) => {
      const all: UnknownSubmission[] = [];
      for (;;) {
        const page = await operator.listUnknown(all.at(-1), PAGE);
        all.push(...page);
        if (page.length < PAGE) return all;
      }
    });
    for (const one of unknown) {
      const amount = `${formatUsdc(one.amountStroops)} USDC`;
      output.line(`${one.tenantId} ${one.subjectId} (${one.kind}) · ${amount}`);
      output.line(`    vault ${one.vaultContractId} · payee ${one.payee} · marker ${one.marker}`);
      output.line(`    since ${one.since.toISOString()} · ${reasonOf(one)}`);
      for (const txHash of one.txHashes) output.line(`    transaction ${txHash}`);
    }
    output.line(unknown.length === 0 ? "nothing is unknown" : `${unknown.length} unknown`);
    output.json({ unknown });
    return EXIT.ok;
  },
};

function reasonOf({ failure }: UnknownSubmission): string {
  if (failure === undefined) return "no reason was stored";
  return failure.detail === undefined ? failure.reason : `${failure.reason}: ${failure.detail}`;
}
