import type { LookupAddress } from "node:dns";
import { isIP } from "node:net";

/** One place where a service listens. */
export interface Endpoint {
  /** Scheme, host and port as configured; also what certificates are held to. */
  readonly origin: string;
  /** The address of the host that is meant; undefined: whichever the host has. */
  readonly address: LookupAddress | undefined;
}

/** Of a name with more addresses the first ones are used. */
export const MAX_ADDRESSES_PER_NAME = 64;

/** @throws Error for an entry that is not an origin, and for one that comes twice */
export function parseOrigins(text: string): readonly [string, ...string[]] {
  const origins = text.split(",").map((entry) => {
    const url = URL.parse(entry.trim());
    const isOrigin = url !== null && url.pathname === "/" && url.search === "" && url.hash === "";
    if (!isOrigin || !/^https?:$/.test(url.protocol) || url.username !== "") {
      throw new Error(`"${entry}" is not an origin like http://billing:8081`);
    }
    return url.origin;
  });
  if (new Set(origins).size < origins.length) throw new Error("an origin is there twice");
  const [first, ...others] = origins;
  if (first === undefined) throw new Error("there is no origin");
  return [first, ...others];
}

/** Whether the origin names a host whose addresses have to be looked up. */
export function hostToLookUp(origin: string): string | undefined {
  const { hostname } = new URL(origin);
  return isIP(hostname) !== 0 || hostname.startsWith("[") ? undefined : hostname;
}

/**
 * The instances behind a name. A machine may have an address of each family, so that a name with one
 * of each is one instance, and connected to by name; with several of a family each is an instance.
 */
export function endpointsOf(origin: string, addresses: readonly LookupAddress[]): Endpoint[] {
  const ofFamily = (family: number) => addresses.filter((address) => address.family === family);
  const [four, six] = [ofFamily(4), ofFamily(6)];
  const chosen = four.length >= six.length ? four : six;
  if (chosen.length <= 1) return [{ origin, address: undefined }];
  // In one order, so that an answer in another order changes nothing.
  return chosen
    .toSorted((a, b) => (a.address < b.address ? -1 : 1))
    .slice(0, MAX_ADDRESSES_PER_NAME)
    .map((address) => ({ origin, address }));
}

/** Equal for equal endpoints. */
export function keyOf({ origin, address }: Endpoint): string {
  return address === undefined ? origin : `${origin} ${address.address}`;
}
