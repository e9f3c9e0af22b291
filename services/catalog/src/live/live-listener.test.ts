import { describe, expect, it } from "vitest";
import { LiveListener } from "./live-listener.ts";

const frame = (text: string, bytes = 0) => Buffer.from(`data: ${text}${".".repeat(bytes)}\n\n`);

/** What the reader takes when he asks for everything that waits for him. */
function take(listener: LiveListener): string {
  let text = "";
  for (let chunk = listener.read(); chunk !== null; chunk = listener.read()) text += chunk;
  return text;
}

describe("a live reader", () => {
  it("is answered at once, before there is anything to tell", () => {
    expect(take(new LiveListener(0, 2_000))).toBe("retry: 2000\n\n");
  });

  it("who is slow is sent the newest push when he is ready, not a backlog", async () => {
    const listener = new LiveListener(0, 2_000);
    listener.offer(frame("large", 70_000), 10);
    expect(listener.stalledForMs(50)).toBe(0);
    for (const text of ["second", "third", "fourth"]) listener.offer(frame(text), 20);
    expect(listener.stalledForMs(50)).toBe(30);
    listener.beat();
    let taken = take(listener);
    await new Promise(setImmediate);
    taken += take(listener);
    expect(taken).toMatch(/^retry: 2000\n\ndata: large\.+\n\ndata: fourth\n\n$/);
    expect(listener.stalledForMs(90)).toBe(0);
  });

  it("sees the end", async () => {
    const listener = new LiveListener(0, 2_000);
    listener.end();
    const chunks: string[] = [];
    for await (const chunk of listener) chunks.push(String(chunk));
    expect(chunks.join("")).toBe("retry: 2000\n\n");
  });
});
