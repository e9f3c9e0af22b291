import { expect, it } from "vitest";
import { failureOf, UpstreamFull } from "./upstream-failure.ts";

it("does not say of a request that was sent once that nothing was sent", () => {
  const unavailableCode = "service_unavailable";
  for (const cause of [new UpstreamFull(), new Error("connect ECONNREFUSED")]) {
    const [sent, unsent] = [true, false].map(
      (isSent) => failureOf(cause, { isSent, unavailableCode }).problem,
    );
    expect(unsent?.message).toContain("nothing was sent");
    expect(unsent?.code).toBe(unavailableCode);
    expect(sent?.message).toContain("whether it acted is unknown");
  }
});
