import { type Command, EXIT, readNumber, UsageError } from "../command.ts";
import { MOST_LISTED, type RejectedEvent, RejectedEvents } from "./rejected-events.ts";

/** Shows the events of the chain and of partners that could not be applied. */
export const listRejected: Command = {
  name: "events rejected list",
  parameters: "[--limit <number>]",
  summary: "Show the events that could not be applied, longest ago first.",
  options: { limit: { type: "string" } },
  async run(output, env, { options, operands }) {
    if (operands.length > 0) throw new UsageError("nothing but --limit is known");
    const { limit: asked } = options;
    const limit = typeof asked === "string" ? readNumber("--limit", asked) : MOST_LISTED;
    const events = await new RejectedEvents(env).list(limit);
    for (const event of events) for (const line of linesOf(event)) output.line(line);
    output.line(summaryOf(events.length, limit));
    output.json({ events });
    return EXIT.ok;
  },
};

function linesOf({ tenantId, eventId, event, ...why }: RejectedEvent): readonly string[] {
  const times = why.rejections === 1 ? "once" : `${why.rejections} times`;
  return [
    `${tenantId} ${eventId} · ${typeOf(event)} from ${why.source}`,
    `    ${why.code}: ${why.detail}`,
    `    refused ${times}, last at ${why.rejectedAt}`,
  ];
}

/** It may be anything: it was refused. */
function typeOf(event: unknown): string {
  const type = typeof event === "object" && event !== null && "type" in event ? event.type : "";
  return typeof type === "string" && type !== "" ? type : "no known type";
}

function summaryOf(count: number, limit: number): string {
  if (count === 0) return "nothing is rejected";
  return count < limit ? `${count} rejected` : `${count} rejected, and perhaps more`;
}
