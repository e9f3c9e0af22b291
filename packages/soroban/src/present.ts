/**
 * The value, where only the types say that it may be missing.
 * @throws {Error} saying `otherwise`, when it is missing all the same: a fault of the engine's own
 */
export function present<Value>(value: Value | undefined, otherwise: string): Value {
  if (value === undefined) throw new Error(otherwise);
  return value;
}
