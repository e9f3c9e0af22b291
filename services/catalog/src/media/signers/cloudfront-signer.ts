import { createPrivateKey } from "node:crypto";
import type { MediaSigner, MediaTarget } from "../media-signer.ts";
import { type EdgeAddress, edgeAddressOf } from "./edge-address.ts";

export type CloudFrontScheme = "sha1" | "sha256";

interface CloudFrontSignerOptions {
  baseUrl: string;
  /** PEM, of an RSA key; its public half is in the distribution's key group. */
  privateKey: string;
  /** The public key's id at CloudFront. */
  keyPairId: string;
  scheme: CloudFrontScheme;
}

/**
 * CloudFront's signed URLs: a canned policy for a file, a custom one with a wildcard for a
 * directory, whose query every request below it must repeat.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
 */
export class CloudFrontSigner implements MediaSigner {
  readonly #options: CloudFrontSignerOptions;
  readonly #edge: EdgeAddress;

  constructor(options: CloudFrontSignerOptions) {
    this.#options = options;
    this.#edge = edgeAddressOf(options.baseUrl);
  }

  async sign({ key, directory }: MediaTarget, expiresAtS: number): Promise<string> {
    // Brings a megabyte of code that no other provider needs.
    const { getSignedUrl } = await import("@aws-sdk/cloudfront-signer");
    const { privateKey, keyPairId, scheme } = this.#options;
    const { origin, pathOf } = this.#edge;
    const url = `${origin}${pathOf(key)}`;
    const signature = {
      url,
      privateKey,
      keyPairId,
      algorithm: scheme === "sha256" ? ("SHA256" as const) : ("SHA1" as const),
    };
    if (directory === undefined) {
      return getSignedUrl({ ...signature, dateLessThan: new Date(expiresAtS * 1_000) });
    }
    const policy = policyOf(`${origin}${pathOf(directory)}*`, expiresAtS);
    return getSignedUrl({ ...signature, policy });
  }
}

function policyOf(resource: string, expiresAtS: number): string {
  const condition = { DateLessThan: { "AWS:EpochTime": expiresAtS } };
  return JSON.stringify({ Statement: [{ Resource: resource, Condition: condition }] });
}

/** A PEM as an environment holds it, where line breaks are often written `\n`. */
export function pemOf(text: string): string {
  return text.replaceAll("\\n", "\n");
}

/** Whether a text is the PEM of an RSA private key, the kind that is signed with here. */
export function isRsaPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}
