/** Where packages come from and how they are reached; nothing else of this machine's environment matters. */
const NETWORK =
  /^(npm_config_(registry|proxy|https_proxy|noproxy|cafile)|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS)$/i;

/** The environment of a build in a clean place: programs, network, and a home of its own. */
export function buildEnvironment(home: string): Record<string, string> {
  const network = Object.entries(process.env).filter(
    (entry): entry is [string, string] => NETWORK.test(entry[0]) && entry[1] !== undefined,
  );
  return {
    ...Object.fromEntries(network),
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    HOME: home,
  };
}
