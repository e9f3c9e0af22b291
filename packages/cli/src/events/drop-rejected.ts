import { type Command, EXIT } from "../command.ts";
import { RejectedEvents, readEventName } from "./rejected-events.ts";

/** Forgets a rejected event that shall never be applied. */
export const dropRejected: Command = {
  name: "events rejected drop",
  parameters: "<tenant> <event>",
  summary: "Forget a rejected event for good.",
  async run(output, env, { operands }) {
    const name = readEventName(operands);
    await new RejectedEvents(env).drop(name);
    output.line(`${name.tenantId} ${name.eventId} dropped`);
    output.json({ dropped: name });
    return EXIT.ok;
  },
};
