import type { Version } from "./version.ts";

export interface MountedVersion {
  readonly version: Version;
  /** The mount that the URL came by: the version's own or an alias. */
  readonly mount: string;
}

/** Which version a URL belongs to, and what its answers say about it. */
export class VersionRegistry {
  readonly mounted: readonly MountedVersion[];
  readonly #headers: ReadonlyMap<Version, Readonly<Record<string, string>>>;

  /** @throws Error when two versions want one mount, or one ends before it is deprecated */
  constructor(versions: readonly Version[]) {
    const mounted = versions.flatMap((version) =>
      [version.mount, ...version.aliases].map((mount) => ({ version, mount })),
    );
    const taken = mounted.map(({ mount }) => mount);
    if (new Set(taken).size !== taken.length) throw new Error("two versions want one mount");
    for (const { name, deprecatedAt, sunsetAt } of versions) {
      if (deprecatedAt !== undefined && sunsetAt !== undefined && sunsetAt < deprecatedAt) {
        throw new Error(`${name} would end before it is deprecated`);
      }
    }
    // The longest first: `/api/v1/x` is v1's own path, not `/v1/x` under the alias `/api`.
    this.mounted = mounted.toSorted((a, b) => b.mount.length - a.mount.length);
    this.#headers = new Map(versions.map((version) => [version, headersOf(version)]));
  }

  /** By the URL as it was sent, compared byte by byte. */
  find(url: string): MountedVersion | undefined {
    return this.mounted.find(
      ({ mount }) => url.startsWith(mount) && isBoundary(url.charAt(mount.length)),
    );
  }

  /** `X-API-Version`, and `Deprecation` and `Sunset` where they apply; none outside the versions. */
  headersOf(url: string): Readonly<Record<string, string>> {
    const found = this.find(url);
    return (found && this.#headers.get(found.version)) ?? {};
  }

  /** The same URL under its version's canonical mount; everything after the mount stays as it is. */
  canonicalUrl(url: string): string {
    const found = this.find(url);
    if (found === undefined || found.mount === found.version.mount) return url;
    return found.version.mount + url.slice(found.mount.length);
  }
}

function isBoundary(character: string): boolean {
  return character === "/" || character === "?" || character === "#" || character === "";
}

/** @see RFC 9745 (Deprecation is a structured date), RFC 8594 (Sunset is an HTTP date) */
function headersOf({ name, deprecatedAt, sunsetAt }: Version): Record<string, string> {
  const headers: Record<string, string> = { "x-api-version": name };
  if (deprecatedAt !== undefined) {
    headers["deprecation"] = `@${Math.floor(deprecatedAt.getTime() / 1_000)}`;
  }
  if (sunsetAt !== undefined) headers["sunset"] = sunsetAt.toUTCString();
  return headers;
}
