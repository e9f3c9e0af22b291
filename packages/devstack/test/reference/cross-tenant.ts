import { SIGNED_LINK } from "@orrery/common/contracts/operations";
import { expect } from "vitest";
import type { ExampleAnswer, StoryExample } from "./example-request.ts";
import { OTHER_VAULT, VAULT } from "./in-process-stack.ts";

/** What every tenant may read: it is the platform's by contract. */
const PLATFORM_WIDE = new Set(["getPool", "listPools", "getStats"]);
/** Names of boards, not of anything that belongs to somebody. */
const NO_ID = new Set(["type"]);

const OPERATION = /^[^.]+/;
export const operationOf = ({ name }: StoryExample) => OPERATION.exec(name)?.[0] ?? "";

/** Examples of a tenant's own calls; not those that administrate, or whose link is the credential. */
export function isOfTenant({ operation }: StoryExample): boolean {
  return operation.scope !== "admin" && operation.scope !== SIGNED_LINK;
}

/**
 * The example with another vault: the chain sees the platform alone, so that one which two tenants name
 * would pay for both.
 */
export function withOwnVault(story: StoryExample): StoryExample {
  const { body } = story.example;
  if (typeof body !== "object" || !("contractId" in body) || body.contractId !== VAULT)
    return story;
  return { ...story, example: { ...story.example, body: { contractId: OTHER_VAULT } } };
}

/** Whether the call names, in its path, something that belongs to the first tenant alone. */
export function namesSomething(story: StoryExample): boolean {
  const { operation } = story;
  if (!isOfTenant(story) || PLATFORM_WIDE.has(operationOf(story))) return false;
  // A PUT makes what it names: the caller's own, under the same name.
  if (operation.method === "PUT" && operationOf(story) !== "putMedia") return false;
  return [...operation.path.matchAll(/:([A-Za-z]+)/g)].some(([, name = ""]) => !NO_ID.has(name));
}

const MADE_UP = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{64}\b/g;

/** Ids and hashes that the first tenant's answers hold: nobody else can know them. */
export function secretsOf(answers: ReadonlyMap<string, ExampleAnswer>): Set<string> {
  const secrets = new Set<string>();
  for (const { text } of answers.values()) {
    for (const [found] of text.matchAll(MADE_UP)) secrets.add(found);
  }
  return secrets;
}

/** Nothing of the first tenant's is in an answer, but for what the caller has sent. */
export function expectNothingOf(
  secrets: ReadonlySet<string>,
  story: StoryExample,
  { text, body }: ExampleAnswer,
): void {
  const isProblem = typeof body === "object" && body !== null && "instance" in body;
  const said = isProblem ? JSON.stringify({ ...body, instance: "" }) : text;
  const seen = [...said.matchAll(MADE_UP)].map(([found]) => found);
  const sent = JSON.stringify(story.example);
  const leaked = seen.filter((found) => secrets.has(found) && !sent.includes(found));
  expect(leaked, `${story.name}: ${text}`).toEqual([]);
}

/** What the API says of the first tenant's things, without what time changes by itself. */
export function stateOf({ text }: ExampleAnswer): string {
  return text.replaceAll(
    /"(accruedUsdc|updatedAt|ledger|signedUrl|signedUrlExpiresAt|url|expiresAt|requestId)":("[^"]*"|\d+)/g,
    "",
  );
}

/** Boards and pools show what every tenant made. */
export function isOwnState(story: StoryExample): boolean {
  const shared = /leaderboard/i.test(operationOf(story)) || PLATFORM_WIDE.has(operationOf(story));
  return isOfTenant(story) && story.operation.method === "GET" && !shared;
}
