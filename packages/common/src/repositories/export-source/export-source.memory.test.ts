import { composeMemoryStores } from "../memory/compose.ts";
import { describeExportSource } from "./export-source.contract.ts";
import { MemoryExportSource } from "./export-source.memory.ts";

describeExportSource("memory", async (time) => {
  const clock = () => time.nowMs;
  const stores = composeMemoryStores({ clock });
  return { ...stores, source: new MemoryExportSource({ ...stores, clock }) };
});
