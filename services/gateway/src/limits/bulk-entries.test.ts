import { once } from "node:events";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, it } from "vitest";
import { countEntries } from "./bulk-entries.ts";

it("are not waited for from a caller who had gone before they were asked for", async () => {
  const raw = new IncomingMessage(new Socket());
  raw.headers = { "content-type": "application/json", "content-length": "2" };
  raw.destroy();
  await once(raw, "close");
  await expect(countEntries(raw, 10)).rejects.toMatchObject({ code: "invalid_request" });
});
