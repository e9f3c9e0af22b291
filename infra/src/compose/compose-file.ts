import { fieldsOf, listOf, readYaml } from "../files.ts";

/** A container of docker-compose.yml. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Name of the container that is waited for → the condition. */
  readonly waitsFor: Readonly<Record<string, string>>;
  readonly hasHealthCheck: boolean;
  readonly ports: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
}

const COMPOSE_FILE = "docker-compose.yml";

/** The containers of the compose file, merge keys resolved; variables (`${…}`) stay as they are written. */
export function composeContainers(): Container[] {
  const { services } = fieldsOf(readYaml(COMPOSE_FILE));
  return Object.entries(fieldsOf(services)).map(([name, value]) => {
    const fields = fieldsOf(value);
    return {
      name,
      image: String(fields["image"]),
      environment: Object.fromEntries(
        Object.entries(fieldsOf(fields["environment"])).map(([key, text]) => [key, String(text)]),
      ),
      waitsFor: Object.fromEntries(
        Object.entries(fieldsOf(fields["depends_on"])).map(([key, condition]) => [
          key,
          String(fieldsOf(condition)["condition"]),
        ]),
      ),
      hasHealthCheck: fields["healthcheck"] !== undefined,
      ports: listOf(fields["ports"]).map(String),
      fields,
    };
  });
}

/**
 * A text with its variables put in, as compose does: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`; `$$` is `$`.
 * @throws Error with the message when one that must be there is not
 */
export function interpolate(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})/g, (match, name, kind, rest) => {
    if (match === "$$") return "$";
    const value = env[String(name)] ?? "";
    if (value !== "") return value;
    if (kind === "?") throw new Error(String(rest));
    return kind === "-" ? String(rest) : "";
  });
}
