/** Where an edge serves keys: an origin, and the path that stands before each key. */
export interface EdgeAddress {
  /** Without a trailing slash. */
  readonly origin: string;
  readonly pathOf: (key: string) => string;
}

/** Reads `CDN_BASE_URL`, which may have a path of its own. */
export function edgeAddressOf(baseUrl: string): EdgeAddress {
  const { origin, pathname } = new URL(baseUrl);
  const prefix = pathname.replace(/\/+$/, "");
  return { origin, pathOf: (key) => `${prefix}/${key}` };
}
