import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sendRaw, startGateway, type TestGateway } from "../testing/gateway-harness.ts";

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({});
});
afterAll(() => gateway.close());

describe("GET /openapi.json", () => {
  it("is the document, for whoever asks, outside the versions", async () => {
    const response = await gateway.fetch("/openapi.json");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(response.headers.has("x-api-version")).toBe(false);
    expect(await response.json()).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\./),
      info: { title: "Orrery", version: "v1" },
      servers: [{ url: "/api/v1" }, { url: "/api" }],
    });
  });

  it("is 304 for who has it", async () => {
    const first = await gateway.fetch("/openapi.json");
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
    const whole = await first.text();
    const again = await gateway.fetch("/openapi.json", { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");
    const other = await gateway.fetch("/openapi.json", { headers: { "if-none-match": '"other"' } });
    expect(await other.text()).toBe(whole);
  });

  it.each([
    ["gzip", true],
    ["br, gzip;q=0.5", true],
    ["identity", false],
    ["gzip;q=0", false],
    ["gzip;q=0.0, br", false],
  ])("is compressed for `%s`: %s", async (accepted, isCompressed) => {
    const response = await gateway.gateway.app.inject({
      url: "/openapi.json",
      headers: { "accept-encoding": accepted },
    });
    expect(response.headers["vary"]).toContain("accept-encoding");
    expect(response.headers["content-encoding"]).toBe(isCompressed ? "gzip" : undefined);
    const { rawPayload } = response;
    const text = (isCompressed ? gunzipSync(rawPayload) : rawPayload).toString();
    expect(JSON.parse(text)).toHaveProperty("paths");
  });
});

describe("GET /docs", () => {
  it("may run and load only what this origin serves, and nothing inline", async () => {
    const response = await gateway.fetch("/docs");
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    const page = await response.text();
    expect(page).not.toMatch(/https?:|\/\/|<style|style=|\son\w+=/);
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
  });

  it("has every file that it names", async () => {
    const page = await (await gateway.fetch("/docs")).text();
    const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = ""]) => file);
    expect(files).toHaveLength(4);
    for (const file of files) {
      const response = await gateway.fetch(`/${file}`);
      expect(response.status, file).toBe(200);
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
  });

  it.each(["/docs/other.js", "/docs/..%2f..%2fpackage.json", "/docs/%2e%2e", "/docs/"])(
    "has no file %s",
    async (path) => {
      const request = `GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`;
      expect(await sendRaw(gateway.port, request)).toMatch(/^HTTP\/1\.1 404 /);
    },
  );
});
