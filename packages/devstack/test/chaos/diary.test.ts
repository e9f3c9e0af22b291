import { describe, expect, it } from "vitest";
import { Diary } from "./diary.ts";

const call = (fromMs: number, toMs: number) => ({ call: "GET /", said: "503", fromMs, toMs });

describe("Diary", () => {
  it("explains a call's trouble by a fault that it met, or that had ended just before", () => {
    const diary = new Diary();
    diary.fault({ name: "gone", fromMs: 10_000, toMs: 12_000 });
    diary.troubled(call(9_000, 10_500));
    diary.troubled(call(11_000, 11_100));
    diary.troubled(call(16_900, 17_500));
    expect(diary.unexplained()).toEqual([]);
    diary.troubled(call(8_000, 9_900));
    diary.troubled(call(17_100, 17_200));
    expect(diary.unexplained()).toEqual(["GET / at 8.0 s: 503", "GET / at 17.1 s: 503"]);
    expect(diary.summaries()).toEqual([
      { name: "gone", times: 1, longestMs: 2_000, troubledCalls: 3 },
    ]);
  });
});
