/** What a signed URL is to open. Keys hold RFC 3986's unreserved characters and `/` alone. */
export interface MediaTarget {
  /** The object's key, or a directory's when it ends in `/`. */
  readonly key: string;
  /** Ends in `/`; everything below it is opened by the one signature. Undefined: the object alone. */
  readonly directory?: string | undefined;
}

/**
 * Makes URLs that open media for a time: an edge's tokens, or the origin's. Pure computation: it
 * talks to nobody.
 */
export interface MediaSigner {
  /**
   * `expiresAtS`: Unix seconds, the first second in which the URL opens nothing any more.
   * @throws {SigningRefused} when the scheme cannot express the target
   */
  sign(target: MediaTarget, expiresAtS: number): Promise<string>;
}

/** Why a signer said no; the label of `cdn_fallback_total`. */
export type RefusalReason = "directory_unsupported";

/** The scheme has no way to say this; another signer may. */
export class SigningRefused extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason) {
    super(`the scheme cannot sign this: ${reason}`);
    this.name = "SigningRefused";
    this.reason = reason;
  }
}
