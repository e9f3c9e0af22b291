import { systemClock } from "@orrery/common/contracts/clock";
import { uuidv7 } from "@orrery/common/contracts/id";
import { type Command, EXIT, requireOption, UsageError } from "./command.ts";
import { withStores } from "./compose.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Closes a difference that was dealt with and that rows and chain will always show. */
export const closeDifference: Command = {
  name: "differences close",
  parameters: '<id> --evidence "…" --operator name',
  summary: "Close an open difference for good, with an audit record.",
  options: { evidence: { type: "string" }, operator: { type: "string" } },
  async run(output, env, given) {
    const [id, ...others] = given.operands;
    if (id === undefined || others.length > 0 || !UUID.test(id)) {
      throw new UsageError("the id of one difference is required");
    }
    const evidence = requireOption(given, "evidence");
    const operator = requireOption(given, "operator");
    const at = new Date(systemClock());
    const action = { operator, evidence, at, auditId: uuidv7(at.getTime()) };
    const isClosed = await withStores(env, (stores) => stores.operator.closeDifference(id, action));
    output.line(isClosed ? `closed ${id}` : `there is no open difference ${id}`);
    output.json({ id, isClosed });
    return isClosed ? EXIT.ok : EXIT.failed;
  },
};
