import { type Static, type TObject, Type } from "typebox";
import { compileCheck } from "../contracts/schema-check.ts";
import { parseTextValues } from "../contracts/text-values.ts";

/** Every fault of an environment at once, one a line, ready to be shown to an operator. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration is not valid:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/** A string that must never be shown: masked by `--print-config`, left empty in .env.example. */
export function Secret(options: { description: string; minLength?: number; pattern?: string }) {
  return Type.String({ ...options, "x-secret": true });
}

function isSecret(schema: object): boolean {
  return "x-secret" in schema && schema["x-secret"] === true;
}

/**
 * Reads the variables that the schema names, with its defaults; a variable that is set but empty
 * counts as not set. `rules` sees the typed values and adds faults that span several of them.
 * @throws {ConfigError} with every fault, when any value does not parse
 */
export function loadConfig<Schema extends TObject>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
  rules: (config: Static<Schema>) => string[] = () => [],
): Static<Schema> {
  const named = Object.fromEntries(
    Object.keys(schema.properties)
      .map((name) => [name, env[name]])
      .filter(([, value]) => value !== undefined && value !== ""),
  ) as Record<string, string>;
  const values = parseTextValues(schema, named);
  const errors = compileCheck(schema)(values);
  if (errors.length > 0) {
    throw new ConfigError(
      errors.map(({ pointer, detail }) => `${pointer.replace(/^#\//, "")} ${detail}`),
    );
  }
  const config = values as Static<Schema>;
  const faults = rules(config);
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/** The configuration as `NAME=value` lines, secrets masked; connection URLs lose their password. */
export function printConfig(
  schema: TObject,
  config: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  return Object.entries(schema.properties)
    .map(([name, property]) => {
      const value = config[name];
      if (value === undefined) return `${name}=`;
      if (isSecret(property)) return `${name}=********`;
      return `${name}=${String(value).replace(/(:\/\/[^:/@]*):[^@]*@/, "$1:********@")}`;
    })
    .join("\n");
}
