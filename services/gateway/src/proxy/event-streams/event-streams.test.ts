import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isEventStream } from "./event-stream.ts";
import { type EndReason, EventStreams, LOOK_EVERY_MS, SILENT_MS } from "./event-streams.ts";

describe("open streams of events", () => {
  let nowMs: number;
  let areRevocationsKnown: boolean;
  let counted: EndReason[];
  let streams: EventStreams;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    nowMs = 1_800_000_000_000;
    areRevocationsKnown = true;
    counted = [];
    streams = new EventStreams({
      clock: () => nowMs,
      areRevocationsKnown: () => areRevocationsKnown,
      onEnded: (reason) => counted.push(reason),
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function listen(principal: string, expiresAtMs?: number) {
    const ended: EndReason[] = [];
    const reader = { principal, expiresAtMs, end: (reason: EndReason) => void ended.push(reason) };
    return { ended, stream: streams.open(reader) };
  }
  /** What a reader gets, and the writable end of it. */
  function begun(stream: ReturnType<typeof listen>["stream"]) {
    const wire = new PassThrough();
    stream.begin(wire);
    return { wire, read: () => String(wire.read() ?? "") };
  }
  function pass(ms: number) {
    for (let lookMs = 0; lookMs < ms; lookMs += LOOK_EVERY_MS) {
      nowMs += LOOK_EVERY_MS;
      vi.advanceTimersByTime(LOOK_EVERY_MS);
    }
  }

  it("end with the revocation of their key, and no others", () => {
    const [ada, adaToo, eve] = [listen("key:ada"), listen("key:ada"), listen("key:eve")];
    streams.revoke("key:ada");
    streams.revoke("key:ada");
    expect([ada.ended, adaToo.ended, eve.ended]).toEqual([["revoked"], ["revoked"], []]);
    expect([streams.size, counted]).toEqual([1, ["revoked", "revoked"]]);
  });

  it("end within a look of their credential's end, and not before", () => {
    const ada = listen("jwt:ada", nowMs + 10_000);
    pass(10_000 - LOOK_EVERY_MS);
    expect(ada.ended).toEqual([]);
    pass(LOOK_EVERY_MS);
    expect(ada.ended).toEqual(["expired"]);
    expect(LOOK_EVERY_MS).toBeLessThan(1_000);
  });

  it("of keys end when a revocation could have been missed; tokens are not revoked", () => {
    const [key, token] = [listen("key:ada"), listen("jwt:ada")];
    areRevocationsKnown = false;
    pass(LOOK_EVERY_MS);
    expect([key.ended, token.ended]).toEqual([["unverifiable"], []]);
  });

  it("end when the gateway drains, and so does one that comes later", () => {
    const early = listen("key:ada");
    streams.drain();
    const late = listen("key:eve");
    expect([early.ended, late.ended, streams.size]).toEqual([["draining"], ["draining"], 0]);
  });

  it("are told of once, and not looked at when they are closed", () => {
    const ada = listen("key:ada", nowMs + 1);
    streams.close(ada.stream);
    pass(1_000);
    streams.revoke("key:ada");
    streams.drain();
    expect([ada.ended, counted, vi.getTimerCount()]).toEqual([[], [], 0]);
  });

  it("beat when the service says nothing, and only then", () => {
    const { stream } = listen("key:ada");
    const { read } = begun(stream);
    pass(SILENT_MS - LOOK_EVERY_MS);
    expect(read()).toBe("");
    stream.passed(Buffer.from(":\n\n"));
    pass(SILENT_MS - LOOK_EVERY_MS);
    expect(read()).toBe("");
    pass(LOOK_EVERY_MS);
    expect(read()).toBe(":\n");
    pass(SILENT_MS);
    expect(read()).toBe(":\n");
  });

  it("do not beat into a line, nor before the answer, nor for a reader who takes nothing", () => {
    const half = listen("key:ada");
    const halfWire = begun(half.stream);
    half.stream.passed(Buffer.from("data: half"));
    const waiting = listen("key:ada");
    const slow = listen("key:ada");
    const { wire } = begun(slow.stream);
    wire.write(Buffer.alloc(wire.writableHighWaterMark));
    pass(SILENT_MS * 2);
    expect(halfWire.read()).toBe("");
    expect(wire.readableLength).toBe(wire.writableHighWaterMark);
    expect(waiting.ended).toEqual([]);
  });

  it("beat within an event without ending it", () => {
    const { stream } = listen("key:ada");
    const { read } = begun(stream);
    stream.passed(Buffer.from("event: board\n"));
    pass(SILENT_MS);
    expect(read()).toBe(":\n");
  });

  it.each([
    ["events", { "content-type": "text/event-stream; charset=utf-8" }, true],
    ["a problem", { "content-type": "application/problem+json" }, false],
    ["nothing said", {}, false],
    ["packed events", { "content-type": "text/event-stream", "content-encoding": "br" }, false],
    ["counted bytes", { "content-type": "text/event-stream", "content-length": "3" }, false],
  ])("are told by their head: %s", (_what, headers, is) => {
    expect(isEventStream(headers)).toBe(is);
  });
});
