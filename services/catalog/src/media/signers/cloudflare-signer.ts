import { createHmac } from "node:crypto";
import { type MediaSigner, type MediaTarget, SigningRefused } from "../media-signer.ts";
import { type EdgeAddress, edgeAddressOf } from "./edge-address.ts";

interface CloudflareSignerOptions {
  baseUrl: string;
  /** The secret in the zone's rule. */
  securityKey: string;
  /** The lifetime in the zone's rule: a token says when it was made, not when it ends. */
  lifetimeS: number;
}

/**
 * Tokens that a Cloudflare rule checks with `is_timed_hmac_valid_v0` on `http.request.uri`, the
 * separator being `?verify=` (8 characters). The rule authenticates one path: no directories.
 * @see https://developers.cloudflare.com/waf/custom-rules/use-cases/configure-token-authentication/
 */
export class CloudflareSigner implements MediaSigner {
  readonly #edge: EdgeAddress;
  readonly #securityKey: string;
  readonly #lifetimeS: number;

  constructor({ baseUrl, securityKey, lifetimeS }: CloudflareSignerOptions) {
    this.#edge = edgeAddressOf(baseUrl);
    this.#securityKey = securityKey;
    this.#lifetimeS = lifetimeS;
  }

  async sign({ key, directory }: MediaTarget, expiresAtS: number): Promise<string> {
    if (directory !== undefined) throw new SigningRefused("directory_unsupported");
    const { origin, pathOf } = this.#edge;
    const path = pathOf(key);
    const issuedAtS = expiresAtS - this.#lifetimeS;
    const mac = createHmac("sha256", this.#securityKey).update(`${path}${issuedAtS}`);
    return `${origin}${path}?verify=${issuedAtS}-${encodeURIComponent(mac.digest("base64"))}`;
  }
}
