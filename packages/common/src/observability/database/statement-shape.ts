/** What a statement does and to what, whatever values it was sent with. */
export interface StatementShape {
  /** The statement with its values replaced by `?` and its lists cut to one place. */
  readonly text: string;
  /** select, insert, update, delete, merge, copy, begin, commit, rollback, …; other. */
  readonly operation: string;
  /** The table, or the function, that it is about; `none` where there is none. */
  readonly table: string;
  /** Whether it only frames a transaction: it asks nothing of the data. */
  readonly isFrame: boolean;
}

/** So much of a statement is kept. */
const MAX_TEXT = 400;
/** So much of a statement is read: what is longer differs by its values alone. */
const MAX_READ = 20_000;

/** Quoted text, dollar-quoted text, comments, quoted names, places, numbers, names, signs. */
const TOKEN =
  /(?<text>[eE]?'(?:[^'\\]|''|\\.)*'|\$(?<tag>[a-z_]*)\$.*?\$\k<tag>\$)|(?<comment>--[^\n]*|\/\*.*?\*\/)|(?<name>"(?:[^"]|"")*"|[a-z_][\w$]*)|(?<value>\$\d+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<sign>::|[^\s])/gis;

const WRITES = ["insert", "update", "delete", "merge"];
const OPERATIONS = new Set(["select", "copy", "call", "explain", "lock", "truncate", ...WRITES]);
const FRAMES = new Set([
  ...["begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release"],
  ...["set", "reset", "listen", "unlisten", "notify"],
]);
/** After one of these comes what the statement is about. */
const BEFORE_TABLE = new Set(["from", "into", "update", "join", "using", "copy", "table", "call"]);
/** What may stand between those and the table. */
const BESIDE_TABLE = new Set(["only", "lateral", "table", "("]);
/** Functions that frame a transaction. */
const FRAMING_CALL = /^select set_config\(/;

/** Reads one statement; of several in one text, the first. Values never come through. */
export function shapeOf(statement: string): StatementShape {
  const tokens = tokensOf(statement.slice(0, MAX_READ));
  const text = textOf(tokens).slice(0, MAX_TEXT);
  const start = mainPart(tokens);
  const first = tokens[start] ?? "";
  const operation = OPERATIONS.has(first) || FRAMES.has(first) ? first : "other";
  const isFrame = FRAMES.has(first) || (FRAMING_CALL.test(text) && !/\bfrom\b/.test(text));
  const table = isFrame ? "none" : tableOf(tokens, start);
  return { text, operation, table, isFrame };
}

/** Names in lower case without quotes, a `?` for each value, signs; no comments. */
function tokensOf(statement: string): string[] {
  const tokens: string[] = [];
  for (const { groups = {} } of statement.matchAll(TOKEN)) {
    const { text, name, value, sign } = groups;
    if (text !== undefined || value !== undefined) tokens.push("?");
    else if (name !== undefined) tokens.push(nameOf(name));
    else if (sign !== undefined) tokens.push(sign);
  }
  return tokens;
}

function nameOf(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1) : written.toLowerCase();
}

const NO_SPACE_BEFORE = new Set([",", ")", ".", "::", "[", "]", ";"]);
const NO_SPACE_AFTER = new Set(["(", ".", "::", "["]);

function textOf(tokens: readonly string[]): string {
  let text = "";
  let last = "(";
  for (const token of tokens) {
    const isCall = token === "(" && /^[a-z_][\w$]*$/.test(last) && !OPENS_LIST.has(last);
    const isJoined = NO_SPACE_BEFORE.has(token) || NO_SPACE_AFTER.has(last) || isCall;
    text += isJoined ? token : ` ${token}`;
    last = token;
  }
  // Lists of any length, and any number of rows, are one statement.
  return text
    .trim()
    .replaceAll(/\?(?:, \?)+/g, "?, …")
    .replaceAll(/(\([^()]*\))(?:, \1)+/g, "$1, …");
}

const OPENS_LIST = new Set([
  "in",
  "values",
  "as",
  "and",
  "or",
  "not",
  "from",
  "on",
  "where",
  "any",
]);

/** Where the statement itself begins, after the parts of its `with`. */
function mainPart(tokens: readonly string[]): number {
  if (tokens[0] !== "with") return 0;
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    if (depth === 0 && OPERATIONS.has(token)) return index;
  }
  return 0;
}

/** The first table of the statement itself, else of its parts, else the function that it calls. */
function tableOf(tokens: readonly string[], start: number): string {
  const parts = new Set(partNames(tokens.slice(0, start)));
  const isTable = (name: string | undefined) => name !== undefined && !parts.has(name);
  const found = [...tablesOf(tokens.slice(start)), ...tablesOf(tokens.slice(0, start))];
  return found.find(isTable) ?? functionOf(tokens.slice(start)) ?? "none";
}

function tablesOf(tokens: readonly string[]): string[] {
  return tokens.flatMap((token, index) => {
    if (!BEFORE_TABLE.has(token)) return [];
    let next = index + 1;
    while (BESIDE_TABLE.has(tokens[next] ?? "")) next += 1;
    // schema.table
    if (tokens[next + 1] === ".") next += 2;
    const name = tokens[next] ?? "";
    return isName(name) && !OPERATIONS.has(name) && !NO_TABLE.has(name) ? [name] : [];
  });
}

/** `update set` of an upsert, and functions that only spread what they are given. */
const NO_TABLE = new Set(["set", "unnest", "values", "nothing", "rows"]);

function partNames(tokens: readonly string[]): string[] {
  return tokens.filter((_, index) => tokens[index + 1] === "as" || tokens[index + 1] === "(");
}

function functionOf(tokens: readonly string[]): string | undefined {
  return tokens.find((token, index) => index > 0 && isName(token) && tokens[index + 1] === "(");
}

function isName(token: string): boolean {
  return /^[a-z_][\w$]*$/i.test(token);
}
