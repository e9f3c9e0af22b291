import { type Copy, DockerfileParser, type From, type Instruction } from "dockerfile-ast";
import { readText } from "../files.ts";

/** What a COPY brings: paths of another stage, or of the context, to one of this. */
export interface CopyStep {
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
  /** `--chown`, when it is there. */
  readonly owner: string | undefined;
}

/** One stage of a Dockerfile. */
export interface Stage {
  readonly name: string;
  /** An image, or the name of an earlier stage. */
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

export const DOCKERFILE = "infra/docker/Dockerfile";

/** The stages of a Dockerfile, in order. @throws Error on an instruction before the first FROM, but for ARG */
export function stagesOf(text: string): Stage[] {
  const stages: { name: string; base: string; instructions: Instruction[] }[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword();
    if (keyword === "FROM") {
      const from = instruction as From;
      const name = from.getBuildStage() ?? String(stages.length);
      stages.push({ name, base: from.getImage() ?? "", instructions: [] });
    } else if (stages.length > 0) {
      stages.at(-1)?.instructions.push(instruction);
    } else if (keyword !== "ARG") {
      throw new Error(`${keyword} before the first FROM`);
    }
  }
  return stages;
}

/** The stages of the images' Dockerfile. */
export const imageStages = (): Stage[] => stagesOf(readText(DOCKERFILE));

/** The instructions of a stage with one keyword. */
export const having = ({ instructions }: Stage, keyword: string): Instruction[] =>
  instructions.filter((instruction) => instruction.getKeyword() === keyword);

/** The words of an instruction: of the JSON form, its elements. */
export function wordsOf(instruction: Instruction): string[] {
  const text = instruction.getArgumentsContent() ?? "";
  const json = text.trimStart().startsWith("[") ? (JSON.parse(text) as unknown) : undefined;
  return Array.isArray(json) ? json.map(String) : text.split(/\s+/).filter((word) => word !== "\\");
}

export function copyStepsOf(stage: Stage): CopyStep[] {
  return having(stage, "COPY").map((instruction) => {
    const copy = instruction as Copy;
    const flags = new Map(copy.getFlags().map((flag) => [flag.getName(), flag.getValue()]));
    const paths = wordsOf(instruction).filter((word) => !word.startsWith("--"));
    return {
      from: flags.get("from") ?? undefined,
      sources: paths.slice(0, -1),
      target: paths.at(-1) ?? "",
      owner: flags.get("chown") ?? undefined,
    };
  });
}

/** The instructions that hold of a stage: those of its bases in the file first. */
export function inherited(stage: Stage, stages: readonly Stage[]): Stage {
  const base = stages.find(({ name }) => name === stage.base);
  if (base === undefined) return stage;
  const { base: image, instructions } = inherited(base, stages);
  return { ...stage, base: image, instructions: [...instructions, ...stage.instructions] };
}

/** The environment that a stage sets, bases included; `${VERSION}` stays as it is written. */
export function environmentOf(stage: Stage): Map<string, string> {
  return new Map(
    having(stage, "ENV").flatMap((instruction) =>
      wordsOf(instruction).map((pair): [string, string] => {
        const [name = "", ...value] = pair.split("=");
        return [name, value.join("=").replaceAll('"', "")];
      }),
    ),
  );
}

/** The command of a stage's health check; undefined: it has none. */
export function healthCommandOf(stage: Stage): string[] | undefined {
  const last = having(stage, "HEALTHCHECK").at(-1);
  const text = last?.getArgumentsContent() ?? "";
  const json = /CMD\s+(\[.*\])/s.exec(text)?.[1];
  return json === undefined ? undefined : (JSON.parse(json) as string[]);
}
