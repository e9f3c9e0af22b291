import { matchesGlob } from "node:path";
import vitestConfig from "../../../vitest.workspace.ts";
import { projectFolders, root, type SourceTree } from "../source-tree.ts";
import type { Rule } from "./rule.ts";

interface VitestProject {
  readonly root: string;
  readonly include: readonly string[];
}

/** The projects that vitest runs, as its configuration says now. */
function vitestProjects(): VitestProject[] {
  const projects = vitestConfig.test?.projects ?? [];
  return projects.flatMap((project) =>
    typeof project === "object" && "test" in project
      ? [
          {
            root: (project.root ?? ".").replace(`${root}/`, "").replace(/^\.\//, ""),
            include: project.test?.include ?? [],
          },
        ]
      : [],
  );
}

const referenced = (tree: SourceTree) => {
  const { references = [] } = JSON.parse(tree.read("tsconfig.json") || "{}") as {
    readonly references?: readonly { readonly path: string }[];
  };
  return new Set(references.map(({ path }) => path.replace(/^\.\//, "")));
};

const compiledProjects: Rule = {
  name: "every project is compiled",
  find: (tree) => {
    const projects = projectFolders(tree);
    if (projects.length === 0) return ["no project was seen"];
    return projects
      .filter(
        (folder) =>
          !referenced(tree).has(folder) || !tree.files.includes(`${folder}/tsconfig.json`),
      )
      .map((folder) => `${folder}: has no tsconfig.json, or the root's does not reference it`);
  },
  refuses: [
    {},
    { "packages/common/package.json": "{}", "packages/common/tsconfig.json": "{}" },
    {
      "packages/common/package.json": "{}",
      "tsconfig.json": '{"references":[{"path":"./packages/common"}]}',
    },
  ],
  accepts: [
    {
      "packages/common/package.json": "{}",
      "packages/common/tsconfig.json": "{}",
      "tsconfig.json": '{"references":[{"path":"./packages/common"}]}',
    },
  ],
};

const testsAreRun: Rule = {
  name: "every test file belongs to a vitest project",
  find: ({ files }) => {
    const projects = vitestProjects();
    return files
      .filter((path) => path.endsWith(".test.ts"))
      .filter(
        (path) =>
          !projects.some((project) =>
            project.include.some((glob) => matchesGlob(path, `${project.root}/${glob}`)),
          ),
      )
      .map((path) => `${path}: no vitest project includes it`);
  },
  refuses: [{ "scripts/a.test.ts": "" }, { "packages/common/spec/a.test.ts": "" }],
  accepts: [
    { "packages/common/src/http/a.test.ts": "", "services/billing/test/e2e/a.test.ts": "" },
  ],
};

const projectsHaveTests: Rule = {
  name: "every project has a test",
  find: (tree) =>
    projectFolders(tree)
      .filter(
        (folder) =>
          !tree.files.some((path) => path.startsWith(`${folder}/`) && path.endsWith(".test.ts")),
      )
      .map((folder) => `${folder}: nothing tests it`),
  refuses: [{ "packages/common/package.json": "{}" }],
  accepts: [{ "packages/common/package.json": "{}", "packages/common/src/a.test.ts": "" }],
};

export const projectRules: readonly Rule[] = [compiledProjects, testsAreRun, projectsHaveTests];
