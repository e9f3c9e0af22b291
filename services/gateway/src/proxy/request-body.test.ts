import { once } from "node:events";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, it } from "vitest";
import { CallerGone, receiveBody } from "./request-body.ts";

it("is waited for from nobody who had gone before it was asked for", async () => {
  const raw = new IncomingMessage(new Socket());
  raw.destroy();
  await once(raw, "close");
  const wanted = receiveBody(raw, { contentLength: "2" }, { maxBytes: 10, isWorthWaiting: true });
  await expect(wanted).rejects.toThrow(CallerGone);
});
