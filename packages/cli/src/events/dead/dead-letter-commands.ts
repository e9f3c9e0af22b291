import { type Command, EXIT, readNumber, UsageError } from "../../command.ts";
import { DeadLetters, MOST_LISTED, readLetterName } from "./dead-letters.ts";

/** Shows the events that consumers could not apply. */
const list: Command = {
  name: "events dead list",
  parameters: "[--limit <number>]",
  summary: "Show the events that a group of consumers could not apply, longest ago first.",
  options: { limit: { type: "string" } },
  async run(output, env, { options, operands }) {
    if (operands.length > 0) throw new UsageError("nothing but --limit is known");
    const { limit: asked } = options;
    const limit = typeof asked === "string" ? readNumber("--limit", asked) : MOST_LISTED;
    const letters = await new DeadLetters(env).list(limit);
    for (const { group, tenantId, eventId, type, detail, deliveries, buriedAt } of letters) {
      output.line(`${group} ${tenantId} ${eventId} · ${type}`);
      output.line(`    ${detail}`);
      output.line(`    delivered ${deliveries} times, buried at ${buriedAt}`);
    }
    output.line(letters.length === 0 ? "no event is dead" : `${letters.length} dead`);
    output.json({ letters });
    return EXIT.ok;
  },
};

/** Applies one again, as its consumer would. */
const replay: Command = {
  name: "events dead replay",
  parameters: "<group> <tenant> <event>",
  summary: "Apply a dead event again; exits 1 when it fails once more.",
  async run(output, env, { operands }) {
    const name = readLetterName(operands);
    const { status, detail } = await new DeadLetters(env).replay(name);
    const why = detail === undefined ? "" : `: ${detail}`;
    output.line(`${name.tenantId} ${name.eventId} ${status}${why}`);
    output.json({ ...name, status, detail });
    return status === "failed" ? EXIT.failed : EXIT.ok;
  },
};

/** Forgets one that shall never be applied. */
const drop: Command = {
  name: "events dead drop",
  parameters: "<group> <tenant> <event>",
  summary: "Forget a dead event for good.",
  async run(output, env, { operands }) {
    const name = readLetterName(operands);
    await new DeadLetters(env).drop(name);
    output.line(`${name.tenantId} ${name.eventId} dropped`);
    output.json({ dropped: name });
    return EXIT.ok;
  },
};

export const DEAD_LETTER_COMMANDS: readonly Command[] = [list, replay, drop];
