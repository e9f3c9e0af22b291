import { BlockList, isIP } from "node:net";

/** The peers whose forwarding headers are believed. */
export class TrustedProxies {
  readonly #list = new BlockList();

  /** @throws Error naming the entry that is neither an address nor a network */
  constructor(entries: readonly string[]) {
    for (const entry of entries) this.#add(entry);
  }

  has(address: string | undefined): boolean {
    if (address === undefined) return false;
    // An IPv4 peer of a dual-stack listener.
    const plain = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
    const family = isIP(plain);
    return family !== 0 && this.#list.check(plain, family === 4 ? "ipv4" : "ipv6");
  }

  #add(entry: string): void {
    const [address = "", prefix, ...rest] = entry.split("/");
    const family = isIP(address);
    const maxPrefix = family === 4 ? 32 : 128;
    const bits = prefix === undefined ? maxPrefix : Number(prefix);
    const isPrefix = prefix === undefined || /^\d{1,3}$/.test(prefix);
    if (family === 0 || rest.length > 0 || !isPrefix || bits > maxPrefix) {
      throw new Error(`"${entry}" is neither an address nor a network like 10.0.0.0/8`);
    }
    this.#list.addSubnet(address, bits, family === 4 ? "ipv4" : "ipv6");
  }
}

/** Reads `TRUSTED_PROXIES`: addresses and networks, comma-separated. */
export function parseTrustedProxies(text: string | undefined): TrustedProxies {
  const entries = (text ?? "").split(",").map((entry) => entry.trim());
  return new TrustedProxies(entries.filter((entry) => entry !== ""));
}
