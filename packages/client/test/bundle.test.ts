import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { expect, it } from "vitest";

const MAX_GZIPPED_BYTES = 15_000;

/** The client as a consumer's bundler makes it, with all that it needs. */
async function bundled(): Promise<string> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL("../src/orrery-client.ts", import.meta.url)),
    platform: "browser",
    // What is not found would be left out.
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  const { output } = await bundle.generate({ format: "iife", name: "orrery", minify: true });
  await bundle.close();
  expect(output).toHaveLength(1);
  return output[0].code;
}

it("is small, and runs where there is nothing of Node", async () => {
  const code = await bundled();
  expect(gzipSync(code).length).toBeLessThan(MAX_GZIPPED_BYTES);
  // What every browser and every runtime has, and no more.
  const asked: string[] = [];
  const web = createContext({
    AbortController,
    AbortSignal,
    Headers,
    URLSearchParams,
    crypto,
    clearTimeout,
    setTimeout,
    fetch: (url: string) => {
      asked.push(url);
      return Promise.resolve(Response.json({ totalPools: 1 }));
    },
  });
  const call = `${code};
    new orrery.OrreryClient({ baseUrl: "https://api.example.com", apiKey: "k" })
      .call("getStats", { query: { category: "a b" } })`;
  expect(await runInContext(call, web)).toMatchObject({ status: 200, body: { totalPools: 1 } });
  expect(asked).toEqual(["https://api.example.com/api/v1/stats?category=a+b"]);
});
