import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { ByteRange, ObjectStore } from "./object-store.ts";

const LONG_AGO = new Date(0);

/** What every adapter of the port must do. Sizes around `partBytes` are where pieces are put together. */
export function describeObjectStore(
  adapter: string,
  make: () => Promise<ObjectStore>,
  { partBytes = 1_000 }: { partBytes?: number } = {},
): void {
  describe(`ObjectStore (${adapter})`, () => {
    let store: ObjectStore;

    beforeEach(async () => {
      store = await make();
    });

    const put = (key: string, text: string) => store.put(key, pieces(Buffer.from(text)));
    const read = async (key: string, range?: ByteRange) => {
      const content = await store.read(key, range);
      return content === undefined ? undefined : (await buffer(content)).toString();
    };

    it("gives back what was put, and says its length and hash", async () => {
      const stored = await put("exports/acme/a.csv", "héllo");
      const sha256 = createHash("sha256").update("héllo").digest("hex");
      expect(stored).toEqual({ bytes: 6, sha256 });
      expect(await read("exports/acme/a.csv")).toBe("héllo");
      expect(await store.findBytes("exports/acme/a.csv")).toBe(6);
    });

    it("gives the bytes of a range, both ends included", async () => {
      await put("a", "0123456789");
      expect(await read("a", { first: 2, last: 4 })).toBe("234");
      expect(await read("a", { first: 9, last: 9 })).toBe("9");
      expect(await read("a", { first: 0, last: 9 })).toBe("0123456789");
    });

    it("keeps what is empty", async () => {
      expect((await put("empty", "")).bytes).toBe(0);
      expect(await store.findBytes("empty")).toBe(0);
      expect(await read("empty")).toBe("");
    });

    it("keeps any bytes, in pieces of any size", async () => {
      const content = Buffer.from(Array.from({ length: partBytes * 2 + 7 }, (_, at) => at % 251));
      for (const bytes of [partBytes - 1, partBytes, partBytes + 1, partBytes * 2 + 7]) {
        const part = content.subarray(0, bytes);
        await store.put("parts", pieces(part, 65_537));
        const stored = await store.read("parts");
        expect(stored !== undefined && part.equals(await buffer(stored))).toBe(true);
      }
      const anyPieces = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 });
      await fc.assert(
        fc.asyncProperty(anyPieces, async (given) => {
          await store.put("any", iterate(given));
          const stored = await store.read("any");
          expect(stored && (await buffer(stored))).toEqual(Buffer.concat(given));
        }),
        { numRuns: 20 },
      );
    });

    it("knows nothing of a key that was not put or was deleted", async () => {
      await put("b", "b");
      await store.delete("b");
      await store.delete("b");
      for (const key of ["b", "never/put"]) {
        expect(await read(key)).toBeUndefined();
        expect(await store.findBytes(key)).toBeUndefined();
      }
    });

    it("shows the old content until all of the new is there", async () => {
      await put("c", "old");
      const seen: (string | undefined)[] = [];
      async function* content() {
        yield Buffer.from("n");
        seen.push(await read("c"));
        yield Buffer.from("ew");
        seen.push(await read("c"));
      }
      await store.put("c", content());
      expect(seen).toEqual(["old", "old"]);
      expect(await read("c")).toBe("new");
    });

    it("leaves one of two contents whole that were put at once", async () => {
      const contents = ["a".repeat(5_000), "b".repeat(7_000)];
      await Promise.all(contents.map((text) => put("twice", text)));
      expect(contents).toContain(await read("twice"));
    });

    it("stores nothing of content that fails, and says how it failed", async () => {
      await put("d", "old");
      async function* failing() {
        yield Buffer.alloc(partBytes + 1);
        throw new Error("the source broke");
      }
      await expect(store.put("d", failing())).rejects.toThrow("the source broke");
      expect(await read("d")).toBe("old");
      expect(await store.removeAbandoned(new Date(8.64e15))).toBe(0);
    });

    it("refuses content past its bound, and takes what is just within", async () => {
      const content = () => pieces(Buffer.alloc(100), 30);
      const refused = store.put("e", content(), { maxBytes: 99 });
      await expect(refused).rejects.toMatchObject({ failure: "too_large" });
      expect(await read("e")).toBeUndefined();
      expect((await store.put("e", content(), { maxBytes: 100 })).bytes).toBe(100);
    });

    it("gives up when it is told to", async () => {
      const given = new AbortController();
      async function* content() {
        yield Buffer.from("a");
        given.abort(new Error("told to stop"));
        yield Buffer.from("b");
      }
      const { signal } = given;
      await expect(store.put("f", content(), { signal })).rejects.toThrow("told to stop");
      expect(await read("f")).toBeUndefined();
    });

    it("does not look at a piece once the next was asked for", async () => {
      const piece = Buffer.alloc(1);
      async function* content() {
        for (const letter of "reused") {
          piece.write(letter);
          yield piece;
        }
      }
      await store.put("g", content());
      expect(await read("g")).toBe("reused");
    });

    it("gives pieces that are the reader's to change", async () => {
      await put("i", "as it was");
      for await (const piece of (await store.read("i")) ?? []) (piece as Buffer).fill(0);
      expect(await read("i")).toBe("as it was");
    });

    it.each(["", "/a", "a/", "a//b", "../a", "a/../b", ".hidden", "a/.b", "a b", "a\\b", "é"])(
      "takes no key like %j",
      async (key) => {
        await expect(put(key, "x")).rejects.toThrow("no object key");
        await expect(read(key)).rejects.toThrow("no object key");
        await expect(store.delete(key)).rejects.toThrow("no object key");
      },
    );

    it("leaves alone what is under a key when it removes what was abandoned", async () => {
      await put("h", "kept");
      expect(await store.removeAbandoned(LONG_AGO)).toBe(0);
      await store.removeAbandoned(new Date(8.64e15));
      expect(await read("h")).toBe("kept");
    });
  });
}

async function* pieces(content: Buffer, size = 3): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

async function* iterate(given: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* given;
}
