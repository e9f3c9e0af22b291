import {
  OPERATIONS,
  type Operation,
  type OperationId,
  SIGNED_LINK,
} from "@orrery/common/contracts/operations";
import { atPointer, valueAt } from "@orrery/common/contracts/reference/answer-value";
import type { Example, ExampleValue } from "@orrery/common/contracts/reference/operation-reference";
import { REFERENCE } from "@orrery/common/contracts/reference/reference";
import { SERVICE_REFERENCE } from "@orrery/common/contracts/reference/service-reference";
import { vi } from "vitest";

/** An example of the reference with all that it takes to send it. */
export interface StoryExample {
  /** `deduct.charged` */
  readonly name: string;
  readonly operation: Operation;
  readonly example: Example;
}

/** A route that is no operation wants no credential. */
const PLAIN = { service: "gateway", scope: SIGNED_LINK, timeoutMs: 10_000 } as const;

/** Every example of the reference, in its order. */
export function storyExamples(): StoryExample[] {
  const ids = Object.keys(REFERENCE) as OperationId[];
  const ofOperations = ids.flatMap((id) =>
    Object.entries(REFERENCE[id].examples).map(([name, example]) => ({
      name: `${id}.${name}`,
      operation: OPERATIONS[id],
      example,
    })),
  );
  const ofService = Object.entries(SERVICE_REFERENCE).flatMap(([path, { operationId, examples }]) =>
    Object.entries(examples as Readonly<Record<string, Example>>).map(([name, example]) => ({
      name: `${operationId}.${name}`,
      operation: { ...PLAIN, method: "GET", path: path as `/${string}` } as const,
      example,
    })),
  );
  return [...ofOperations, ...ofService];
}

export interface ExampleAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly contentType: string | undefined;
  /** The text as it came. */
  readonly text: string;
  readonly body: unknown;
}

export interface Sender {
  readonly gatewayUrl: string;
  /** What authenticates a call that wants the scope; none for a signed link. */
  credentialFor(operation: Operation): Readonly<Record<string, string>>;
  /** What earlier examples were answered, by name. */
  readonly answers: ReadonlyMap<string, ExampleAnswer>;
}

/** Sends an example, again until it says what it is asked `until`. */
export async function sendExample(story: StoryExample, sender: Sender): Promise<ExampleAnswer> {
  const { until, status } = story.example;
  if (until === undefined) return sendOnce(story, sender);
  return vi.waitFor(
    async () => {
      const answer = await sendOnce(story, sender);
      if (answer.status !== status || atPointer(answer.body, until.pointer) !== until.value) {
        throw new Error(`${story.name} does not say ${String(until.value)}: ${answer.text}`);
      }
      return answer;
    },
    { timeout: 30_000, interval: 20 },
  );
}

export async function sendOnce(
  { operation, example }: StoryExample,
  { gatewayUrl, credentialFor, answers }: Sender,
): Promise<ExampleAnswer> {
  const resolve = (value: ExampleValue) =>
    typeof value === "string" ? value : valueAt(value, answers.get(value.answer)?.body);
  const path = operation.path
    .replace("*", ":path")
    .replaceAll(/:([A-Za-z]+)/g, (_, name: string) => {
      const value = resolve(example.path?.[name] ?? "");
      return name === "path" ? value : encodeURIComponent(value);
    });
  const query = new URLSearchParams(
    Object.entries(example.query ?? {}).map(([name, value]): [string, string] => [
      name,
      resolve(value),
    ]),
  ).toString();
  const { body } = example;
  const isJson = typeof body === "object";
  const mount = path in SERVICE_REFERENCE ? "" : "/api/v1";
  const controller = new AbortController();
  const response = await fetch(`${gatewayUrl}${mount}${path}${query && `?${query}`}`, {
    method: operation.method,
    headers: {
      ...credentialFor(operation),
      ...(isJson && { "content-type": "application/json" }),
      ...example.headers,
    },
    signal: controller.signal,
    ...(body !== undefined && { body: isJson ? JSON.stringify(body) : body }),
  });
  const type = response.headers.get("content-type") ?? undefined;
  const text = await readText(response, controller);
  return {
    status: response.status,
    headers: response.headers,
    contentType: type,
    text,
    body: /json/.test(type ?? "") ? JSON.parse(text) : text === "" ? undefined : text,
  };
}

/** The whole text; of server-sent events those up to the first one with data. */
async function readText(response: Response, controller: AbortController): Promise<string> {
  if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true) {
    return response.text();
  }
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece as Uint8Array, { stream: true });
    if (/^data:.*\n\n/m.test(text)) break;
  }
  controller.abort();
  return text;
}
