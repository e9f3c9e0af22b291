import { readdirSync } from "node:fs";
import { join } from "node:path";

/** JSON Schema, 2020-12. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

/** Exported schemas by their JSON; those of paths and queries become parameters instead. */
export async function readNamedSchemas(root: string): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const service of ["billing", "catalog", "gateway"]) {
    const folder = join(root, "services", service, "src");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    for (const file of files.filter((path) => path.endsWith(".schemas.ts")).toSorted()) {
      const exported = (await import(join(folder, file))) as Record<string, unknown>;
      for (const [name, schema] of Object.entries(exported)) {
        if (!isObjectSchema(schema) || /(Params|Query)$/.test(name)) continue;
        const text = JSON.stringify(schema);
        if (!names.has(text)) names.set(text, name);
      }
    }
  }
  return names;
}

function isObjectSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && (value as Schema)["type"] === "object";
}

/** Turns the services' schemas into those of the document; what has a name is there once. */
export class SchemaComponents {
  readonly #names: ReadonlyMap<string, string>;
  readonly #sources = new Map<string, string>();
  readonly #schemas = new Map<string, Schema>();

  constructor(names: ReadonlyMap<string, string>) {
    this.#names = names;
  }

  /** @throws Error when two schemas want one name */
  refer(schema: Schema): Schema {
    const text = JSON.stringify(schema);
    const name = this.#names.get(text);
    if (name === undefined) return this.#convert(schema);
    const known = this.#sources.get(name);
    if (known !== undefined && known !== text) throw new Error(`two schemas are named ${name}`);
    if (known === undefined) {
      this.#sources.set(name, text);
      this.#schemas.set(name, this.#convert(schema));
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  /** By name. */
  all(): Record<string, Schema> {
    return Object.fromEntries(
      [...this.#schemas].toSorted(([one], [other]) => (one < other ? -1 : 1)),
    );
  }

  #convert(schema: Schema): Schema {
    const converted: Record<string, unknown> = {};
    for (const [keyword, value] of Object.entries(schema)) {
      if (keyword.startsWith("~")) continue;
      converted[keyword] = this.#convertKeyword(keyword, value);
    }
    return openRecord(joinedConstants(converted));
  }

  #convertKeyword(keyword: string, value: unknown): unknown {
    switch (keyword) {
      case "properties":
      case "patternProperties":
        return Object.fromEntries(
          Object.entries(value as Record<string, Schema>).map(([name, property]) => [
            name,
            this.refer(property),
          ]),
        );
      case "items":
        return this.refer(value as Schema);
      case "anyOf":
        return (value as Schema[]).map((member) => this.refer(member));
      default:
        return value;
    }
  }
}

/** A union of constants, perhaps with null, is an enumeration. */
function joinedConstants(schema: Record<string, unknown>): Record<string, unknown> {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf)) return schema;
  const members = anyOf as Schema[];
  const isNull = ({ type }: Schema) => type === "null";
  const others = members.filter((member) => !isNull(member));
  const nullable = others.length < members.length;
  if (others.every((member) => typeof member["const"] === "string")) {
    const values = others.map((member) => member["const"]);
    return {
      ...rest,
      type: nullable ? ["string", "null"] : "string",
      enum: nullable ? [...values, null] : values,
    };
  }
  const [only] = others;
  if (nullable && others.length === 1 && typeof only?.["type"] === "string") {
    return { ...only, ...rest, type: [only["type"], "null"] };
  }
  return schema;
}

/** A record of any names is what `additionalProperties` says. */
function openRecord(schema: Record<string, unknown>): Schema {
  const { patternProperties, ...rest } = schema;
  if (patternProperties === undefined) return schema;
  const [values] = Object.values(patternProperties as Record<string, Schema>);
  return { ...rest, additionalProperties: values ?? true };
}
