import { createHash, createHmac } from "node:crypto";
import type { MediaSigner, MediaTarget } from "../media-signer.ts";
import { type EdgeAddress, edgeAddressOf } from "./edge-address.ts";

export type BunnyScheme = "sha256" | "hs256";

interface BunnySignerOptions {
  baseUrl: string;
  /** The pull zone's "URL token authentication key". */
  securityKey: string;
  scheme: BunnyScheme;
}

/**
 * Bunny's token authentication in both of its schemes. A directory's token stands in the path, so
 * that what a playlist names relatively inherits it.
 * @see https://docs.bunny.net/docs/cdn-token-authentication (SHA-256)
 * @see https://github.com/BunnyWay/BunnyCDN.TokenAuthentication (HS256)
 */
export class BunnySigner implements MediaSigner {
  readonly #edge: EdgeAddress;
  readonly #digest: (signedPath: string, expires: string, parameters: string) => string;

  constructor({ baseUrl, securityKey, scheme }: BunnySignerOptions) {
    this.#edge = edgeAddressOf(baseUrl);
    this.#digest =
      scheme === "sha256"
        ? (...parts) =>
            createHash("sha256")
              .update([securityKey, ...parts].join(""))
              .digest("base64url")
        : (...parts) =>
            `HS256-${createHmac("sha256", securityKey).update(parts.join("")).digest("base64url")}`;
  }

  async sign({ key, directory }: MediaTarget, expiresAtS: number): Promise<string> {
    const { origin, pathOf } = this.#edge;
    const path = pathOf(key);
    const expires = String(expiresAtS);
    if (directory === undefined) {
      return `${origin}${path}?token=${this.#digest(path, expires, "")}&expires=${expires}`;
    }
    const tokenPath = pathOf(directory);
    const token = this.#digest(tokenPath, expires, `token_path=${tokenPath}`);
    const parameters = `token_path=${encodeURIComponent(tokenPath)}&expires=${expires}`;
    return `${origin}/bcdn_token=${token}&${parameters}${path}`;
  }
}
