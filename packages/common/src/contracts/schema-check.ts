import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { Settings } from "typebox/system";
import type { FieldError } from "./errors.ts";

/** Enough to mend a request by; a hostile body cannot make the answer large. */
const MAX_ERRORS = 20;
Settings.Set({ maxErrors: MAX_ERRORS });

interface SchemaError {
  keyword: string;
  instancePath: string;
  params: object;
  message: string;
}

/** Compiles a schema into a check that gives every fault with its JSON pointer, none when valid. */
export function compileCheck(schema: TSchema): (value: unknown) => FieldError[] {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return [];
    const errors = validator.Errors(value) as SchemaError[];
    const details = new Map<string, FieldError>();
    for (const error of [...errors.flatMap(toFieldErrors), ...allowedValues(errors)]) {
      details.set(`${error.pointer} ${error.detail}`, error);
    }
    return [...details.values()];
  };
}

/** The values that a place may hold: a union of constants reports each of them apart. */
function allowedValues(errors: readonly SchemaError[]): FieldError[] {
  const allowed = new Map<string, string[]>();
  for (const { keyword, instancePath, params } of errors) {
    if (keyword !== "const") continue;
    const value = JSON.stringify((params as { allowedValue?: unknown }).allowedValue);
    allowed.set(instancePath, [...(allowed.get(instancePath) ?? []), value]);
  }
  return [...allowed].map(([instancePath, values]) => ({
    pointer: `#${instancePath}`,
    detail: `must be ${values.length === 1 ? "" : "one of "}${values.join(", ")}`,
  }));
}

function toFieldErrors(error: SchemaError): FieldError[] {
  const at = `#${error.instancePath}`;
  const params = error.params as { requiredProperties?: string[] };
  switch (error.keyword) {
    case "required":
      return (params.requiredProperties ?? []).map((name) => ({
        pointer: `${at}/${escapePointer(name)}`,
        detail: "is required",
      }));
    case "boolean":
      return [{ pointer: at, detail: "is not a known field" }];
    // These repeat what a more precise error of the same place says, or are gathered from many.
    case "additionalProperties":
    case "anyOf":
    case "const":
      return [];
    default:
      return [{ pointer: at, detail: error.message }];
  }
}

function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
