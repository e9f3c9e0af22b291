import {
  copyStepsOf,
  environmentOf,
  having,
  healthCommandOf,
  inherited,
  type Stage,
  wordsOf,
} from "./dockerfile.ts";

/** A rule of ours for the images' Dockerfile, with changes of its text that prove that it fires. */
export interface ImagePolicy {
  readonly name: string;
  find(stages: readonly Stage[]): string[];
  /** What is replaced, once, by what. */
  readonly breaks: readonly (readonly [text: string | RegExp, replacement: string])[];
}

/** The stage that builds; all others are shipped. */
const BUILD = "build";

const shipped = (stages: readonly Stage[]) =>
  stages.filter(({ name }) => name !== BUILD).map((stage) => inherited(stage, stages));

const pinnedBases: ImagePolicy = {
  name: "bases are pinned by digest",
  find: (stages) =>
    stages
      .map((stage) => inherited(stage, stages))
      .filter(({ base }) => !/@sha256:[0-9a-f]{64}$/.test(base))
      .map(({ name, base }) => `${name}: ${base}`),
  breaks: [
    [/@sha256:[0-9a-f]{64} AS build/, " AS build"],
    [/FROM \S+ AS runtime/, "FROM node:latest AS runtime"],
  ],
};

const noRoot: ImagePolicy = {
  name: "nobody is root, and nothing belongs to who runs",
  find: (stages) =>
    shipped(stages).flatMap((stage) => {
      const user = argumentOf(stage, "USER");
      return [
        ...(user === "65532:65532" ? [] : [`${stage.name}: USER ${user}`]),
        ...copyStepsOf(stage)
          .filter(({ owner }) => owner !== "0:0")
          .map(({ target }) => `${stage.name}: ${target} is not root's`),
      ];
    }),
  breaks: [
    [/USER .*\n/, ""],
    [/USER .*/, "USER root"],
    ["--chown=0:0 /src/dist/catalog", "--chown=65532:65532 /src/dist/catalog"],
  ],
};

/** What the last instruction of a kind says; undefined: there is none. */
function argumentOf(stage: Stage, keyword: string): string | undefined {
  return having(stage, keyword).at(-1)?.getArgumentsContent() ?? undefined;
}

/** What is shipped has no shell that could run it, and what a build leaves behind stays in its stage. */
const built: ImagePolicy = {
  name: "what is shipped is copied from the build, never made or fetched",
  find: (stages) =>
    shipped(stages).flatMap((stage) => [
      ...["RUN", "ADD", "VOLUME", "ONBUILD", "SHELL"]
        .filter((keyword) => having(stage, keyword).length > 0)
        .map((keyword) => `${stage.name}: ${keyword}`),
      ...copyStepsOf(stage)
        .filter(({ from }) => from !== BUILD)
        .map(({ sources }) => `${stage.name}: ${sources.join(" ")} is not of the build`),
      ...copyStepsOf(stage)
        .flatMap(({ sources }) => sources)
        .filter((source) => !/^\/src\/(dist|infra\/docker)\/[a-z.-]+$/.test(source))
        .map((source) => `${stage.name}: ${source} is shipped`),
    ]),
  breaks: [
    ["WORKDIR /app", "WORKDIR /app\nRUN apt-get update"],
    ["WORKDIR /app", "WORKDIR /app\nADD https://example.com/tool /tool"],
    ["COPY --from=build --chown=0:0 /src/dist/cli", "COPY --chown=0:0 dist/cli"],
    ["/src/dist/cli /app", "/src/node_modules /app"],
  ],
};

const execForms: ImagePolicy = {
  name: "started without a shell, by an entry that gets the signals",
  find: (stages) =>
    shipped(stages).flatMap((stage) => {
      const entry = argumentOf(stage, "ENTRYPOINT") ?? "";
      return entry.startsWith('["/usr/local/bin/node"') ? [] : [`${stage.name}: ${entry}`];
    }),
  breaks: [[/ENTRYPOINT .*/, "ENTRYPOINT node main.js"]],
};

const checked: ImagePolicy = {
  name: "what listens has a health check of its own port",
  find: (stages) =>
    shipped(stages)
      .filter((stage) => having(stage, "EXPOSE").length > 0)
      .filter((stage) => {
        const port = argumentOf(stage, "EXPOSE");
        const [, program, url] = healthCommandOf(stage) ?? [];
        return program !== "/app/probe.mjs" || new URL(url ?? "http://unset").port !== port;
      })
      .map(({ name }) => name),
  breaks: [
    ["http://127.0.0.1:8081/readyz", "http://127.0.0.1:8082/readyz"],
    [/(EXPOSE 8082\n)HEALTHCHECK[^\n]*\n[^\n]*\n/, "$1"],
  ],
};

const noSecrets: ImagePolicy = {
  name: "no secret is built in",
  find: (stages) =>
    stages.flatMap((stage) =>
      [
        ...environmentOf(stage).keys(),
        ...having(stage, "ARG").flatMap((instruction) => wordsOf(instruction)),
      ]
        .filter((name) => /SECRET|TOKEN|PASSWORD|KEY|DATABASE_URL|REDIS_URL/i.test(name))
        .map((name) => `${stage.name}: ${name}`),
    ),
  breaks: [["ARG VERSION", "ARG ADMIN_TOKEN\nARG VERSION"]],
};

export const imagePolicies: readonly ImagePolicy[] = [
  pinnedBases,
  noRoot,
  built,
  execForms,
  checked,
  noSecrets,
];
