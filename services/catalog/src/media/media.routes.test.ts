import { createHash } from "node:crypto";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CatalogClient } from "../../test/catalog-client.ts";

const MAX_BYTES = 10 * 1_024 * 1_024;
const EVIL_PATHS = [
  "..",
  "../x",
  "a/../../x",
  "%2e%2e/x",
  "%2e%2e%2fx",
  "..%2fx",
  "%252e%252e%252fx",
  "%25252e%25252e/x",
  "..%5cx",
  "a%5c..%5cx",
  "a%00.png",
  "%c0%ae%c0%ae/x",
  "%ef%bc%8e%ef%bc%8e/x",
  "%e2%80%a5/x",
  "a%e2%88%95..%e2%88%95x",
  ".hidden",
  "a%20b",
];

describe("the media routes", () => {
  let catalog: CatalogClient;
  const start = async (env: Record<string, string> = {}) => {
    catalog = await CatalogClient.start({ PUBLIC_URL: "https://api.example", ...env });
    await catalog.createToken("TOKEN");
  };
  beforeEach(() => start());
  afterEach(async () => {
    vi.useRealTimers();
    await catalog.close();
  });

  const call = (
    method: "GET" | "HEAD" | "PUT",
    url: string,
    options: {
      payload?: string | Buffer;
      headers?: Record<string, string>;
      tenantId?: string;
    } = {},
  ) => {
    const { tenantId = "acme", headers, payload } = options;
    return catalog.catalog.app.inject({
      method,
      url,
      headers: { ...catalog.contextHeaders({ tenantId }), ...headers },
      ...(payload !== undefined && { payload }),
    });
  };
  /** Over a socket: the path as it is written, the body in chunks. */
  const exchange = async (sent: {
    method: string;
    path: string;
    pieces?: readonly Buffer[];
  }): Promise<IncomingMessage> => {
    const { app } = catalog.catalog;
    if (!app.server.listening) await app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const { method, path, pieces = [] } = sent;
    return new Promise((resolve, reject) => {
      const headers = catalog.contextHeaders();
      const request = httpRequest({ port, method, path, headers, agent: false }, (response) => {
        response.resume();
        resolve(response);
      });
      request.on("error", reject);
      for (const piece of pieces) request.write(piece);
      request.end();
    });
  };
  const put = (path: string, payload: string | Buffer, type = "image/png", tenantId = "acme") =>
    call("PUT", `/api/v1/tokens/TOKEN/media?path=${path}`, {
      payload,
      tenantId,
      headers: { "content-type": type },
    });
  const urlOf = async (query: string, tenantId = "acme") => {
    const path = `/api/v1/tokens/TOKEN/media/url?${query}`;
    const response = await call("GET", path, { tenantId });
    return { status: response.statusCode, body: response.json<Record<string, string>>() };
  };
  /** What comes behind the origin's address. */
  const linkTo = async (query: string) =>
    String((await urlOf(query)).body["url"]).replace("https://api.example", "");

  it("store a file and give it back by its URL, as the type that it was put as", async () => {
    const created = await put("/img//logo.png", "an image");
    const sha256 = createHash("sha256").update("an image").digest("hex");
    expect([created.statusCode, created.json()]).toMatchObject([
      201,
      { path: "img/logo.png", contentType: "image/png", bytes: 8, sha256 },
    ]);
    const { status, body } = await urlOf("path=img/logo.png");
    expect([status, body["via"]]).toEqual([200, "origin"]);
    expect(body["url"]).toMatch(
      /^https:\/\/api\.example\/api\/v1\/media\/acme\/TOKEN\/img\/logo\.png\?expires=\d+&sig=/,
    );
    const expires = Number(new URL(body["url"] ?? "").searchParams.get("expires"));
    expect(body["expiresAt"]).toBe(new Date(expires * 1_000).toISOString());
    const file = await call("GET", await linkTo("path=img/logo.png"));
    expect([file.statusCode, file.body]).toEqual([200, "an image"]);
    expect(file.headers).toMatchObject({
      "content-type": "image/png",
      "content-length": "8",
      etag: `"${sha256}"`,
      "cache-control": "public, max-age=60",
      "accept-ranges": "bytes",
    });
  });

  it("replace a file, and say that it was there", async () => {
    await put("a.txt", "one", "text/plain");
    const replaced = await put("a.txt", "two", "text/plain; charset=utf-8");
    expect(replaced.statusCode).toBe(200);
    const file = await call("GET", await linkTo("path=a.txt"));
    expect([file.body, file.headers["content-type"]]).toEqual(["two", "text/plain; charset=utf-8"]);
  });

  it("take any type unread, JSON too, and what says no type", async () => {
    for (const type of ["application/json", "application/x-www-form-urlencoded", "video/mp4"]) {
      expect((await put("any", "{not json", type)).statusCode, type).toBeLessThan(300);
      expect((await call("GET", await linkTo("path=any"))).body).toBe("{not json");
    }
    const untyped = await call("PUT", "/api/v1/tokens/TOKEN/media?path=u", { payload: "u" });
    expect([untyped.statusCode, untyped.json()]).toMatchObject([
      201,
      { contentType: "application/octet-stream" },
    ]);
    for (const type of ["nonsense", "text/plain\u00a0x", `text/${"x".repeat(300)}`]) {
      expect((await put("b", "b", type)).statusCode, type).toBe(415);
    }
    const empty = await call("PUT", "/api/v1/tokens/TOKEN/media?path=empty");
    expect([empty.statusCode, empty.json()]).toMatchObject([201, { bytes: 0 }]);
  });

  it("take 10 MiB, and of a byte more nothing", async () => {
    expect((await put("big", Buffer.alloc(MAX_BYTES))).statusCode).toBe(201);
    const announced = await put("bigger", Buffer.alloc(MAX_BYTES + 1));
    expect([announced.statusCode, announced.json()]).toMatchObject([
      413,
      { code: "payload_too_large" },
    ]);
    expect((await call("GET", await linkTo("path=bigger"))).statusCode).toBe(404);
  });

  it("answer a body that grows past 10 MiB, and keep what was there", async () => {
    await put("stream", "old");
    const { statusCode } = await exchange({
      method: "PUT",
      path: "/api/v1/tokens/TOKEN/media?path=stream",
      pieces: Array.from({ length: 11 }, () => Buffer.alloc(1_048_576)),
    });
    expect(statusCode).toBe(413);
    expect((await call("GET", await linkTo("path=stream"))).body).toBe("old");
  });

  it("know no token of another tenant", async () => {
    await put("a.png", "ours");
    const theirs = await put("a.png", "theirs", "image/png", "rival");
    expect([theirs.statusCode, theirs.json()]).toMatchObject([404, { code: "token_not_found" }]);
    expect((await urlOf("path=a.png", "rival")).status).toBe(404);
    await catalog.createToken("TOKEN", {}, { tenantId: "rival" });
    await put("a.png", "theirs", "image/png", "rival");
    expect((await call("GET", await linkTo("path=a.png"))).body).toBe("ours");
    const link = (await linkTo("path=a.png")).replace("/acme/", "/rival/");
    expect((await call("GET", link)).json()).toMatchObject({ code: "media_url_invalid" });
  });

  it.each(EVIL_PATHS)("refuse %s as a path, wherever it stands", async (path) => {
    const query = path.replaceAll("&", "%26");
    expect((await put(query, "x")).statusCode).toBe(400);
    expect((await urlOf(`path=${query}`)).status).toBe(400);
    expect((await urlOf(`path=${query}&directory=true`)).status).toBe(400);
    const sig = new URL(`http://x${await linkTo("path=/&directory=true")}`).search;
    const link = `/api/v1/media/acme/TOKEN/${path}${sig}`;
    expect((await exchange({ method: "GET", path: link })).statusCode).toBe(400);
  });

  it("open with a link what it was signed for, and nothing else", async () => {
    await put("a.png", "a");
    await put("b.png", "b");
    await catalog.createToken("OTHER");
    const link = await linkTo("path=a.png");
    const changed = (name: string, value: string) => {
      const url = new URL(link, "http://x");
      url.searchParams.set(name, value);
      return url.pathname + url.search;
    };
    const { searchParams } = new URL(link, "http://x");
    const expires = Number(searchParams.get("expires"));
    for (const forged of [
      link.replace("a.png", "b.png"),
      link.replace("TOKEN", "OTHER"),
      link.replace("/acme/", "/globex/"),
      changed("expires", String(expires + 1)),
      changed("expires", ""),
      changed("sig", `${searchParams.get("sig")}x`),
      link.split("?", 1)[0] ?? "",
    ]) {
      const response = await call("GET", forged);
      expect([response.statusCode, response.json()], forged).toMatchObject([
        403,
        { code: "media_url_invalid" },
      ]);
    }
    vi.useFakeTimers({ now: expires * 1_000, toFake: ["Date"] });
    const late = await call("GET", link);
    expect([late.statusCode, late.json()]).toMatchObject([410, { code: "media_url_expired" }]);
  });

  it("open a playlist and its segments with one link to their directory, and no other", async () => {
    for (const path of ["hls/index.m3u8", "hls/720p/seg-1.ts", "other/seg-1.ts", "top.ts"]) {
      await put(path, path, "video/mp2t");
    }
    const open = async (query: string) => {
      const { search } = new URL(await linkTo(query), "http://x");
      const opened = [];
      for (const path of ["hls/index.m3u8", "hls/720p/seg-1.ts", "other/seg-1.ts", "top.ts"]) {
        const { statusCode } = await call("GET", `/api/v1/media/acme/TOKEN/${path}${search}`);
        if (statusCode === 200) opened.push(path);
      }
      return opened;
    };
    expect(await open("path=hls/index.m3u8")).toEqual(["hls/index.m3u8"]);
    const inDirectory = ["hls/index.m3u8", "hls/720p/seg-1.ts"];
    expect(await open("path=hls/index.m3u8&directory=true")).toEqual(inDirectory);
    expect(await open("path=hls/&directory=true")).toEqual(inDirectory);
    expect(await open("path=top.ts&directory=true")).toHaveLength(4);
    expect(await linkTo("path=hls/&directory=true")).toMatch(/\/media\/acme\/TOKEN\/hls\/\?/);
  });

  it("say how long a file may be kept, and 304 to who has it", async () => {
    for (const [path, cacheControl] of [
      ["hls/seg-1.ts", "public, max-age=86400, immutable"],
      ["hls/index.m3u8", "public, max-age=60"],
      ["dash/manifest.mpd", "public, max-age=60"],
      [`${"a".repeat(64)}.png`, "public, max-age=86400, immutable"],
    ] as const) {
      await put(path, path);
      const link = await linkTo(`path=${path}`);
      const { headers } = await call("GET", link);
      expect(headers["cache-control"], path).toBe(cacheControl);
      const again = await call("GET", link, {
        headers: { "if-none-match": String(headers.etag) },
      });
      expect([again.statusCode, again.body]).toEqual([304, ""]);
      expect(again.headers["cache-control"]).toBe(cacheControl);
    }
  });

  it("send a part, and of HEAD the headers alone", async () => {
    await put("a.mp4", "0123456789", "video/mp4");
    const link = await linkTo("path=a.mp4");
    const part = await call("GET", link, { headers: { range: "bytes=2-4" } });
    expect([part.statusCode, part.body, part.headers["content-range"]]).toEqual([
      206,
      "234",
      "bytes 2-4/10",
    ]);
    const past = await call("GET", link, { headers: { range: "bytes=10-" } });
    expect([past.statusCode, past.headers["content-range"]]).toEqual([416, "bytes */10"]);
    const head = await call("HEAD", link);
    expect([head.statusCode, head.body, head.headers["content-length"]]).toEqual([200, "", "10"]);
  });

  it("let nothing that was put run on the origin, and players of any site fetch it", async () => {
    await put("x.html", "<script>1</script>", "text/html");
    const { headers } = await call("GET", await linkTo("path=x.html"));
    expect(headers).toMatchObject({
      "content-type": "text/html",
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
      "access-control-allow-origin": "*",
    });
  });

  it("begin links where the request came from, without PUBLIC_URL", async () => {
    await catalog.close();
    catalog = await CatalogClient.start();
    await catalog.createToken("TOKEN");
    const response = await call("GET", "/api/v1/tokens/TOKEN/media/url?path=a", {
      headers: { "x-forwarded-host": "gateway.test:8080", "x-forwarded-proto": "https" },
    });
    expect(response.json()).toMatchObject({
      url: expect.stringMatching(/^https:\/\/gateway\.test:8080\/api\/v1\/media\//),
    });
    expect(response.headers["cache-control"]).toBe("no-store");
  });

  it("name files of tokens with any address", async () => {
    const address = "a/b?c%d";
    await catalog.createToken(address);
    const base = `/api/v1/tokens/${encodeURIComponent(address)}/media`;
    await call("PUT", `${base}?path=x.png`, { payload: "x" });
    const { url } = (await call("GET", `${base}/url?path=x.png`)).json<{ url: string }>();
    const file = await call("GET", url.replace("https://api.example", ""));
    expect([file.statusCode, file.body]).toEqual([200, "x"]);
  });

  describe("behind an edge", () => {
    const edge = {
      CDN_ENABLED: "true",
      CDN_BASE_URL: "https://media.example/files",
      CDN_SECURITY_KEY: "a-key",
      METRICS_ENABLED: "true",
    };
    const fallbacks = async () => {
      const { body } = await catalog.catalog.app.inject("/metrics");
      return [...body.matchAll(/^cdn_fallback_total\{reason="(\w+)"\} (\d+)$/gm)].map(
        ([, reason, count]) => `${reason} ${count}`,
      );
    };
    const wanted = async () => {
      const { body } = await catalog.catalog.app.inject("/metrics");
      return Number(/^cdn_urls_total (\d+)$/m.exec(body)?.[1]);
    };
    const restart = async (env: Record<string, string>) => {
      await catalog.close();
      await start({ ...edge, ...env });
    };

    it("are the edge's URLs: the file's, or the directory's", async () => {
      await restart({ CDN_PROVIDER: "bunny" });
      const { body } = await urlOf("path=hls/index.m3u8");
      expect(await wanted()).toBe(1);
      const path = "/files/media/acme/TOKEN/hls/index.m3u8";
      const expires = new URL(body["url"] ?? "").searchParams.get("expires");
      const token = createHash("sha256").update(`a-key${path}${expires}`).digest("base64url");
      expect(body).toMatchObject({
        via: "cdn",
        url: `https://media.example${path}?token=${token}&expires=${expires}`,
      });
      const directory = await urlOf("path=hls/index.m3u8&directory=true");
      expect(directory.body).toMatchObject({
        via: "cdn",
        url: expect.stringMatching(
          /^https:\/\/media\.example\/bcdn_token=[\w-]{43}&token_path=%2Ffiles%2Fmedia%2Facme%2FTOKEN%2Fhls%2F&expires=\d+\/files\/media\/acme\/TOKEN\/hls\/index\.m3u8$/,
        ),
      });
      expect(await fallbacks()).toEqual(["directory_unsupported 0", "signing_error 0"]);
    });

    it("are the origin's where the edge cannot sign, which is counted", async () => {
      await restart({ CDN_PROVIDER: "cloudflare" });
      expect((await urlOf("path=a.png")).body).toMatchObject({ via: "cdn" });
      await put("hls/seg-1.ts", "segment");
      const { body } = await urlOf("path=hls/index.m3u8&directory=true");
      expect(body).toMatchObject({ via: "origin" });
      const segment = (body["url"] ?? "").replace("index.m3u8", "seg-1.ts");
      const file = await call("GET", segment.replace("https://api.example", ""));
      expect([file.statusCode, file.body]).toEqual([200, "segment"]);
      expect(await fallbacks()).toEqual(["directory_unsupported 1", "signing_error 0"]);
    });
  });
});
