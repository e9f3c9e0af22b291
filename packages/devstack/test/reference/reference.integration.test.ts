import { fileURLToPath } from "node:url";
import { OrreryClient, OrreryError } from "@orrery/client";
import { SIGNED_LINK } from "@orrery/common/contracts/operations";
import type { ExampleValue } from "@orrery/common/contracts/reference/operation-reference";
import { useTestDatabase } from "@orrery/common/testing/contract-database";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  expectNothingOf,
  isOfTenant,
  isOwnState,
  namesSomething,
  operationOf,
  secretsOf,
  stateOf,
  withOwnVault,
} from "./cross-tenant.ts";
import { DocumentedHeaders } from "./documented-headers.ts";
import {
  type ExampleAnswer,
  type Sender,
  type StoryExample,
  sendExample,
  sendOnce,
  storyExamples,
} from "./example-request.ts";
import { type InProcessStack, startInProcessStack } from "./in-process-stack.ts";
import { StableAnswers } from "./stable-answer.ts";

const ANSWERS_FILE = fileURLToPath(
  new URL(
    "generated/answers.json",
    import.meta.resolve("@orrery/common/contracts/reference/reference"),
  ),
);

const STORY = storyExamples();
const named = (stories: readonly StoryExample[]) =>
  stories.map((story) => [story.name, story] as const);

const database = useTestDatabase();
const answers = new Map<string, ExampleAnswer>();
let startedMs: number;
let stack: InProcessStack;
let owner: string;

beforeAll(async () => {
  stack = await startInProcessStack(database);
  startedMs = Date.now();
  const sender = senderOf(() => keyOf(answers.get("createApiKey.backend")));
  for (const story of STORY) answers.set(story.name, await sendExample(story, sender));
  owner = keyOf(answers.get("createApiKey.backend"));
});
afterAll(() => stack?.stop());

function keyOf(answer: ExampleAnswer | undefined): string {
  if (answer === undefined) throw new Error("no key was made");
  return (answer.body as { key: string }).key;
}

function senderOf(tenantKey: () => string, headers: Readonly<Record<string, string>> = {}): Sender {
  const { gatewayUrl, adminToken } = stack;
  return {
    gatewayUrl,
    answers,
    credentialFor: ({ scope }) => {
      if (scope === SIGNED_LINK) return {};
      if (scope === "admin") return { authorization: `Bearer ${adminToken}` };
      return { "x-api-key": tenantKey(), ...headers };
    },
  };
}

describe("the examples of the API reference", () => {
  it("are answered as they are shown, from the first to the last", async () => {
    const stable = new StableAnswers(startedMs);
    const recorded: Record<string, object> = {};
    for (const { name, example } of STORY) {
      const answer = answers.get(name);
      if (answer === undefined) throw new Error(`${name} was not sent`);
      expect(answer.status, `${name}: ${answer.text}`).toBe(example.status);
      recorded[name] = stable.record(name, answer);
    }
    await expect(`${JSON.stringify(recorded, null, 2)}\n`).toMatchFileSnapshot(ANSWERS_FILE);
  });

  it("are answered with the headers that the document says", () => {
    const documented = new DocumentedHeaders();
    const faults = STORY.flatMap((story) => {
      const { status, headers } = answers.get(story.name) ?? { status: 0, headers: new Headers() };
      return documented
        .faults(operationOf(story), status, headers)
        .map((fault) => `${story.name}: ${fault}`);
    });
    expect(faults).toEqual([]);
  });
});

describe("another tenant's credential", () => {
  let stranger: string;
  let secrets: Set<string>;
  const before = new Map<string, string>();
  const attacker = (headers?: Readonly<Record<string, string>>) =>
    senderOf(() => stranger, headers);

  beforeAll(async () => {
    secrets = secretsOf(answers);
    const admin = new OrreryClient({ baseUrl: stack.gatewayUrl, token: stack.adminToken });
    await admin.call("createTenant", { body: { id: "globex", name: "Globex" } });
    const scopes = ["billing:write", "billing:read", "catalog:write", "catalog:read"] as const;
    const { body } = await admin.call("createApiKey", {
      path: { tenantId: "globex" },
      body: { name: "attacker", scopes: [...scopes] },
    });
    stranger = body.key;
    for (const story of STORY.filter(isOwnState)) {
      before.set(
        story.name,
        stateOf(
          await sendOnce(
            story,
            senderOf(() => owner),
          ),
        ),
      );
    }
  });

  it.each(named(STORY.filter(namesSomething)))(
    "gets no answer but 403 or 404 for %s, and nothing of its owner",
    async (_name, story) => {
      const answer = await sendOnce(story, attacker());
      // Without the key that the call wants nobody is told whether there is such a thing.
      const isKeyless = story.name === "settleStream.keyless";
      expect(isKeyless ? [400] : [403, 404], answer.text).toContain(answer.status);
      expectNothingOf(secrets, story, answer);
    },
  );

  it.each(named(STORY.filter((story) => isOfTenant(story) && !namesSomething(story))))(
    "learns nothing of its owner by %s",
    async (_name, story) => {
      const answer = await sendOnce(withOwnVault(story), attacker());
      expect(answer.status).toBeLessThan(500);
      expectNothingOf(secrets, story, answer);
    },
  );

  it.each(named(STORY.filter(isOfTenant)))(
    "cannot select its owner's tenant for %s",
    async (_name, story) => {
      const answer = await sendOnce(story, attacker({ "x-tenant-id": "acme" }));
      expect(answer).toMatchObject({ status: 403, body: { code: "tenant_forbidden" } });
    },
  );

  it.each(named(STORY.filter(({ operation }) => operation.scope === "admin")))(
    "does not administrate by %s",
    async (_name, story) => {
      const sender = { ...attacker(), credentialFor: () => ({ "x-api-key": stranger }) };
      const answer = await sendOnce(story, sender);
      expect(answer).toMatchObject({ status: 403, body: { code: "insufficient_scope" } });
      expectNothingOf(secrets, story, answer);
    },
  );

  it.each(
    named(
      STORY.filter(({ example, operation }) => operation.scope === SIGNED_LINK && example.query),
    ),
  )("cannot bend the link of %s to something else", async (_name, story) => {
    for (const name of Object.keys(story.example.path ?? {})) {
      const path: Record<string, ExampleValue> = { ...story.example.path, [name]: "another" };
      const bent = { ...story, example: { ...story.example, path } };
      const answer = await sendOnce(bent, attacker());
      expect([403, 404], answer.text).toContain(answer.status);
    }
  });

  it("has changed nothing of its owner's", async () => {
    for (const story of STORY.filter(isOwnState)) {
      const now = stateOf(
        await sendOnce(
          story,
          senderOf(() => owner),
        ),
      );
      expect(now, story.name).toBe(before.get(story.name));
    }
  });
});

describe("the client", () => {
  const deduction = (requestId: string, amountUsdc = "0.01") => ({
    ...{ requestId, amountUsdc, userId: "ada", apiId: "weather" },
    ...{ endpointId: "client", apiKeyId: "key-1" },
  });
  const clientWith = (options: { fetch?: typeof fetch } = {}) =>
    new OrreryClient({ baseUrl: stack.gatewayUrl, apiKey: owner, ...options });

  it("charges, and is told of it when it asks again", async () => {
    const client = clientWith();
    const first = await client.deduct(deduction("client-1"));
    expect(first).toMatchObject({ status: "confirmed", charge: { alreadyProcessed: false } });
    const second = await client.deduct(deduction("client-1"));
    expect(second).toMatchObject({ status: "confirmed", charge: { alreadyProcessed: true } });
  });

  it("waits for a deduction that the API answered as pending", async () => {
    const hurried: typeof fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      if (headers.has("prefer")) headers.set("prefer", "respond-async");
      return fetch(input, { ...init, headers });
    };
    const state = await clientWith({ fetch: hurried }).deduct(deduction("client-2"));
    expect(state).toMatchObject({
      status: "confirmed",
      charge: { stellarTxHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  it("charges once when the answer is lost", async () => {
    let losses = 0;
    const lossy: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (losses > 0) return response;
      losses += 1;
      await response.body?.cancel();
      throw new TypeError("lost");
    };
    const state = await clientWith({ fetch: lossy }).deduct(deduction("client-3"));
    expect(state).toMatchObject({ status: "confirmed", charge: { alreadyProcessed: true } });
  });

  it("reads a list over its pages, newest first", async () => {
    const ids: string[] = [];
    const query = { endpointId: "client", limit: 1 };
    for await (const { requestId } of clientWith().items("listUsage", { query }))
      ids.push(requestId);
    expect(ids).toEqual(["client-3", "client-2", "client-1"]);
  });

  it("throws what the API refuses, by its code", async () => {
    const refused = await clientWith()
      .deduct(deduction("client-4", "100000"))
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(OrreryError);
    expect(refused).toMatchObject({ status: 402, code: "insufficient_balance" });
  });

  it("creates once under its own Idempotency-Key, however often it is sent", async () => {
    let attempts = 0;
    const flaky: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      attempts += 1;
      if (attempts === 1) throw new TypeError("lost");
      return response;
    };
    const created = await clientWith({ fetch: flaky }).call("createStream", {
      body: {
        senderUserId: "ada",
        recipient: "GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7",
        ratePerSecondStroops: "1",
        totalAmountUsdc: "7.5",
      },
    });
    expect(created.status).toBe(201);
    expect(created.headers.get("idempotent-replayed")).toBe("true");
    const totals: string[] = [];
    for await (const { totalAmountUsdc } of clientWith().items("listStreams")) {
      totals.push(totalAmountUsdc);
    }
    expect(totals.filter((total) => total === "7.5")).toHaveLength(1);
  });
});
