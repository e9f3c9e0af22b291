import { type Command, EXIT, type Output, UsageError } from "../command.ts";
import { Refusal } from "../internal-client.ts";
import {
  type EventName,
  MOST_LISTED,
  RejectedEvents,
  type Replay,
  readEventName,
} from "./rejected-events.ts";

type Result = EventName & (Replay | { readonly status: "gone" });

/** Applies rejected events again: what was in their way may be mended by now. */
export const replayRejected: Command = {
  name: "events rejected replay",
  parameters: "<tenant> <event> | --all",
  summary: "Apply a rejected event again, or all of them; exits 1 while one is still refused.",
  options: { all: { type: "boolean" } },
  async run(output, env, { options, operands }) {
    const events = new RejectedEvents(env);
    const results = options.all === true ? await replayAll() : [await replayOne()];
    output.json({ results });
    return results.some(({ status }) => status === "rejected") ? EXIT.failed : EXIT.ok;

    async function replayOne(): Promise<Result> {
      const name = readEventName(operands);
      return told(output, { ...name, ...(await events.replay(name)) });
    }

    /** In the order in which they were refused: one may need what another makes. */
    async function replayAll(): Promise<Result[]> {
      if (operands.length > 0) throw new UsageError("name one event, or --all");
      const replayed: Result[] = [];
      for (const { tenantId, eventId } of await events.list(MOST_LISTED)) {
        const result = await events.replay({ tenantId, eventId }).catch(goneOrThrow);
        replayed.push(told(output, { tenantId, eventId, ...result }));
      }
      if (replayed.length === 0) output.line("nothing is rejected");
      return replayed;
    }
  },
};

function told(output: Output, result: Result): Result {
  const why = result.status === "rejected" ? ` again, ${result.code}: ${result.detail}` : "";
  output.line(`${result.tenantId} ${result.eventId} ${result.status}${why}`);
  return result;
}

/** Somebody else has replayed or dropped it since it was listed. */
function goneOrThrow(error: unknown): { status: "gone" } {
  if (error instanceof Refusal && error.code === "event_not_found") return { status: "gone" };
  throw error;
}
