import { describe, expect, it } from "vitest";
import { fieldsOf, listOf, readText, readYaml } from "./files.ts";

const WORKFLOW = ".github/workflows/ci.yml";
const workflow = fieldsOf(readYaml(WORKFLOW));
const jobs = Object.entries(fieldsOf(workflow["jobs"])).map(([name, job]) => ({
  name,
  job: fieldsOf(job),
  steps: listOf(fieldsOf(job)["steps"]).map(fieldsOf),
}));
const commands = jobs.flatMap(({ steps }) =>
  steps.map(({ run }) => (typeof run === "string" ? run : "")),
);

describe("the workflow", () => {
  it("uses actions by commit, each with the release that it is", () => {
    const uses = [...readText(WORKFLOW).matchAll(/uses: (.*)$/gm)].map(([, action]) => action);
    expect(uses).toHaveLength(6);
    for (const action of uses) expect(action).toMatch(/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("may read, and nothing else, and hands no credential to what it runs", () => {
    expect(workflow["permissions"]).toEqual({});
    expect(jobs.length).toBeGreaterThan(2);
    for (const { name, job, steps } of jobs) {
      expect([name, job["permissions"]]).toEqual([name, { contents: "read" }]);
      const checkout = steps.find(({ uses }) => String(uses).startsWith("actions/checkout"));
      expect(fieldsOf(checkout?.["with"])["persist-credentials"]).toBe(false);
      expect(Number(job["timeout-minutes"])).toBeGreaterThan(0);
    }
    expect(readText(WORKFLOW)).not.toMatch(
      /pull_request_target|secrets\.|github\.event\.pull_request/,
    );
  });

  it("runs what runs everywhere else, and only tasks that there are", () => {
    expect(commands).toContain(".ci/run");
    const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };
    const tasks = commands.flatMap((command) =>
      [...command.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, task = ""]) => task),
    );
    expect(tasks).toContain("audit");
    expect(tasks.filter((task) => scripts[task] === undefined)).toEqual([]);
  });
});

describe("Renovate", () => {
  const config = fieldsOf(JSON.parse(readText(".github/renovate.json")));
  const rules = listOf(config["packageRules"]).map(fieldsOf);

  it("waits some days, pins digests of images and commits of actions", () => {
    expect(config["minimumReleaseAge"]).toBe("3 days");
    expect(config["extends"]).toContain("helpers:pinGitHubActionDigests");
    const images = rules.find(({ pinDigests }) => pinDigests === true);
    expect(images?.["matchManagers"]).toEqual(["dockerfile", "docker-compose"]);
  });

  it("moves the shipped Node of both platforms together, within its major version", () => {
    const node = rules.find(({ allowedVersions }) => allowedVersions === "24.x");
    const { optionalDependencies } = JSON.parse(readText("package.json")) as {
      optionalDependencies: Record<string, string>;
    };
    expect(listOf(node?.["matchPackageNames"]).map(String).toSorted()).toEqual(
      Object.keys(optionalDependencies).toSorted(),
    );
    expect(new Set(Object.values(optionalDependencies)).size).toBe(1);
  });
});
