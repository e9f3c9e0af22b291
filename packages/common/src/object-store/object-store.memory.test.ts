import { expect, it } from "vitest";
import { describeObjectStore } from "./object-store.contract.ts";
import { MemoryObjectStore } from "./object-store.memory.ts";

describeObjectStore("memory", async () => new MemoryObjectStore());

it("is full when its bytes are used up, and keeps what it has", async () => {
  const store = new MemoryObjectStore(10);
  async function* content(bytes: number) {
    yield Buffer.alloc(bytes);
  }
  await store.put("a", content(6));
  await expect(store.put("b", content(5))).rejects.toMatchObject({ failure: "full" });
  await expect(store.put("b", content(11))).rejects.toMatchObject({ failure: "full" });
  await store.put("a", content(10));
  expect([await store.findBytes("a"), await store.findBytes("b")]).toEqual([10, undefined]);
});
