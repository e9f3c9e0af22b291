import type { ConfigVariable } from "./config-variables.ts";

const START = "<!-- generated:configuration -->";
const END = "<!-- /generated:configuration -->";

const processNames = ({ readers }: ConfigVariable) => readers.map(({ process }) => process);

/** Each default once, with its processes where they differ. */
function defaultsOf({ readers }: ConfigVariable): string {
  const byValue = Map.groupBy(readers, (reader) => reader.default);
  const named = [...byValue].filter(([value]) => value !== undefined);
  if (named.length === 1 && byValue.size === 1) return `\`${named[0]?.[0]}\``;
  if (named.length === 0) return "–";
  return named
    .map(([value, some]) => `\`${value}\` (${some.map(({ process }) => process).join(", ")})`)
    .join(", ");
}

const isRequired = ({ readers }: ConfigVariable) => readers.some((reader) => reader.isRequired);

/** `.env.example`: every variable, commented out with its default; a secret never has a value. */
export function envExample(variables: readonly ConfigVariable[]): string {
  const header = [
    "# Generated from the configuration schemas by `npm run generate`.",
    "# Copy to .env and uncomment what you set; `npm start` needs none of it.",
  ];
  const entries = variables.map((variable) => {
    const value = variable.isSecret ? "" : (variable.readers[0]?.default ?? "");
    const remarks = [`read by ${processNames(variable).join(", ")}`];
    if (isRequired(variable)) remarks.push("required in production");
    if (variable.isSecret) remarks.push("secret");
    return `# ${variable.description} (${remarks.join("; ")})\n#${variable.name}=${value}`;
  });
  return `${[header.join("\n"), ...entries].join("\n\n")}\n`;
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** The README with its configuration table renewed, between the two markers. */
export function readmeWithTable(readme: string, variables: readonly ConfigVariable[]): string {
  const [before, rest] = readme.split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`README.md needs the lines ${START} and ${END} around the configuration table`);
  }
  const rows = variables.map((variable) => {
    const meaning = `${variable.description}${variable.isSecret ? " Secret." : ""}`;
    const fallback = isRequired(variable) ? "required" : defaultsOf(variable);
    const cells = [`\`${variable.name}\``, fallback, variable.values, meaning];
    return `| ${[...cells, processNames(variable).join(", ")].map(cell).join(" | ")} |`;
  });
  const table = [
    "| variable | default | values | what it decides | read by |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ];
  return `${before}${START}\n${table.join("\n")}\n${END}${after}`;
}
