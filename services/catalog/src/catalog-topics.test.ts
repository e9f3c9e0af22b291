import { type DomainEvent, EVENTS } from "@orrery/common/contracts/events";
import { describe, expect, it } from "vitest";
import { boardTopic, scopePart, topicsOf } from "./catalog-topics.ts";

function topics(type: DomainEvent["type"]): string[] {
  const event = { type, tenantId: "acme", id: "", occurredAt: new Date(0), payload: {} };
  return topicsOf(event as DomainEvent).toSorted();
}

describe("what an event makes old", () => {
  it("is decided for every event of the catalogue", () => {
    for (const type of Object.keys(EVENTS)) {
      expect(topics(type as DomainEvent["type"])).not.toEqual([]);
    }
  });

  it("are for a token the boards without windows alone, of the platform and its tenant", () => {
    expect(topics("token.created")).toEqual([
      "leaderboard:acme:largest-supply",
      "leaderboard:acme:newest",
      "leaderboard:platform:largest-supply",
      "leaderboard:platform:newest",
      "tokens:acme",
    ]);
  });

  it("are for a burn all boards, and no statistics", () => {
    expect(topics("burn.created")).toHaveLength(11);
    expect(topics("burn.created")).not.toContain("stats");
  });

  it.each(["pool.created", "prediction.placed", "pool.closed", "pool.settled"] as const)(
    "is for %s the statistics alone",
    (type) => expect(topics(type)).toEqual(["stats"]),
  );

  it("never confuses a tenant called platform with the platform", () => {
    expect(scopePart("platform")).not.toBe(scopePart(undefined));
    expect(boardTopic("platform", "newest")).not.toBe(boardTopic(undefined, "newest"));
  });
});
