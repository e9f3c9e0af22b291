import { existsSync } from "node:fs";
import { join } from "node:path";

/** What the generators read of a TypeBox property; `x-secret` is set by `Secret` in common's config/env. */
interface PropertySchema {
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly PropertySchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly "x-secret"?: boolean;
}
interface ConfigSchema {
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
}

/** One environment variable, over all processes that read it. */
export interface ConfigVariable {
  readonly name: string;
  readonly description: string;
  /** What it may hold, in words. */
  readonly values: string;
  readonly isSecret: boolean;
  readonly readers: readonly {
    readonly process: string;
    readonly default: string | undefined;
    readonly isRequired: boolean;
  }[];
}

/** The processes, in the order in which a reader meets them, and the folder that holds `src/config.ts`. */
const processes = {
  gateway: "services/gateway",
  billing: "services/billing",
  catalog: "services/catalog",
  "ledger-sim": "packages/ledger-sim",
  "npm start": "packages/devstack",
  cli: "packages/cli",
};

function valuesOf(schema: PropertySchema): string {
  const choices = schema.enum ?? schema.anyOf?.map((choice) => choice.const);
  if (choices?.every((choice) => choice !== undefined)) return choices.map(String).join(", ");
  const { minimum, maximum } = schema;
  if (minimum !== undefined && maximum !== undefined) return `${minimum} … ${maximum}`;
  if (minimum !== undefined) return `${minimum} or more`;
  return schema.type === "boolean" ? "true, false" : "text";
}

async function readSchema(root: string, folder: string): Promise<ConfigSchema | undefined> {
  const path = join(root, folder, "src/config.ts");
  const isService = folder.startsWith("services/");
  if (!existsSync(path)) {
    if (isService) throw new Error(`${folder}/src/config.ts is missing`);
    return undefined;
  }
  const { configSchema } = (await import(path)) as { readonly configSchema?: ConfigSchema };
  if (configSchema === undefined && isService) {
    throw new Error(`${folder}/src/config.ts does not export configSchema`);
  }
  return configSchema;
}

/**
 * The variables of every process, in the order of the schemas; a service without a schema and a
 * variable without a description are refused.
 */
export async function readConfigVariables(root: string): Promise<ConfigVariable[]> {
  const variables = new Map<string, ConfigVariable>();
  for (const [process, folder] of Object.entries(processes)) {
    const schema = await readSchema(root, folder);
    for (const [name, property] of Object.entries(schema?.properties ?? {})) {
      if (property.description === undefined) {
        throw new Error(`${folder}/src/config.ts: ${name} has no description`);
      }
      const reader = {
        process,
        default: property.default === undefined ? undefined : String(property.default),
        isRequired: schema?.required?.includes(name) === true && property.default === undefined,
      };
      const known = variables.get(name);
      variables.set(name, {
        name,
        description: known?.description ?? property.description,
        values: known?.values ?? valuesOf(property),
        isSecret: known?.isSecret === true || property["x-secret"] === true,
        readers: [...(known?.readers ?? []), reader],
      });
    }
  }
  return [...variables.values()];
}
