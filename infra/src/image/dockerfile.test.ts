import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { readText } from "../files.ts";
import {
  copyStepsOf,
  DOCKERFILE,
  environmentOf,
  having,
  imageStages,
  inherited,
  stagesOf,
  wordsOf,
} from "./dockerfile.ts";
import { imagePolicies } from "./image-policies.ts";

const text = readText(DOCKERFILE);
const stages = imageStages();

/** The ports that services listen on without being told, by stage. */
const PORTS = { gateway: "8080", billing: "8081", catalog: "8082", "ledger-sim": "8000" };

describe("the Dockerfile", () => {
  it("is one that the linter has nothing against", () => {
    expect(validate(text)).toEqual([]);
    expect(validate(text.replace("WORKDIR /src", "WORKDRI /src"))).not.toEqual([]);
  });

  it.each(imagePolicies)("keeps to: $name", ({ find }) => {
    expect(find(stages)).toEqual([]);
  });

  it.each(imagePolicies.flatMap((policy) => policy.breaks.map((change) => ({ policy, change }))))(
    "$policy.name: an objection to $change.1",
    ({ policy, change: [from, to] }) => {
      const broken = text.replace(from, to);
      expect(broken).not.toBe(text);
      expect(policy.find(stagesOf(broken))).not.toEqual([]);
    },
  );

  it("has an image for each thing that is built, with the port that it listens on", () => {
    const built = [
      ...readText("scripts/build.mjs").matchAll(/^ {2}"?([a-z-]+)"?: "\w+\/[\w-]+",$/gm),
    ];
    const images = stages.filter(({ base }) => base === "runtime").map(({ name }) => name);
    expect(images).toEqual(built.map(([, name]) => name));
    expect(images).toHaveLength(5);
    for (const [name, port] of Object.entries(PORTS)) {
      const stage = stages.find((one) => one.name === name);
      expect(
        having(stage ?? { name, base: "", instructions: [] }, "EXPOSE").flatMap(wordsOf),
      ).toEqual([port]);
    }
  });

  it("ships the Node of the lockfile, the probe and one bundle", () => {
    const billing = stages.find(({ name }) => name === "billing");
    const copies = billing && copyStepsOf(inherited(billing, stages));
    expect(copies?.map(({ sources, target }) => [...sources, target])).toEqual([
      ["/src/dist/node", "/usr/local/bin/node"],
      ["/src/infra/docker/probe.mjs", "/app/probe.mjs"],
      ["/src/dist/billing", "/app"],
    ]);
  });

  it("starts services in production, on every address", () => {
    const runtime = stages.find(({ name }) => name === "runtime");
    expect(runtime && Object.fromEntries(environmentOf(runtime))).toEqual({
      NODE_ENV: "production",
      HOST: "0.0.0.0",
      APP_VERSION: "${VERSION}",
    });
  });

  it("keeps secrets, history and what was built elsewhere out of the build", () => {
    const ignored = readText("infra/docker/Dockerfile.dockerignore").split("\n");
    expect(ignored).toEqual(
      expect.arrayContaining([".env", ".env.*", ".git", ".orrery", "**/node_modules", "dist"]),
    );
  });
});
