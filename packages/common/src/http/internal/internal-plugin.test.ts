import Fastify from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ProblemError } from "../../contracts/errors.ts";
import { internalPlugin } from "./internal-plugin.ts";

const [OLD, NEW] = ["old-token-".repeat(4), "new-token-".repeat(4)];

describe("a service credential", () => {
  const app = Fastify();
  beforeEach(async () => {
    await app.register(internalPlugin, { tokens: [NEW, OLD] });
    app.setErrorHandler((error, _request, reply) => {
      const { status, code } = error as ProblemError;
      return reply.code(status).send(code);
    });
    app.get("/internal", async () => "in");
    await app.ready();
  });
  afterEach(() => app.close());

  it("is one of the tokens, exactly", async () => {
    const get = async (authorization?: string) => {
      const headers = authorization === undefined ? {} : { authorization };
      const response = await app.inject({ url: "/internal", headers });
      return [response.statusCode, response.body];
    };
    expect(await get(`Bearer ${OLD}`)).toEqual([200, "in"]);
    expect(await get(`Bearer ${NEW}`)).toEqual([200, "in"]);
    const refused = [undefined, "", OLD, `Basic ${OLD}`, `Bearer ${OLD} `, `Bearer ${OLD}x`];
    for (const value of [...refused, "Bearer ", `bearer ${OLD}`, `Bearer ${NEW.slice(1)}`]) {
      expect(await get(value), String(value)).toEqual([401, "unauthenticated"]);
    }
  });
});
