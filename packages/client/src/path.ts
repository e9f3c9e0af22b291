/**
 * A value as one segment of a path.
 * @throws {TypeError} "." and "..": a URL cannot say them, encoded or not; they would lead to another resource
 */
export function pathSegment(value: string): string {
  if (value === "." || value === "..") throw new TypeError(`"${value}" cannot be part of a path`);
  return encodeURIComponent(value);
}

/**
 * The template with its parameters filled in: slashes of a file's path stay; every other value is one segment.
 * @throws {TypeError} a segment is "." or ".."
 */
export function filledPath(template: string, path: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const segments = name === "path" ? String(path[name]).split("/") : [String(path[name])];
    return segments.map(pathSegment).join("/");
  });
}
