/** What may be put again under the same name: it is asked for again soon. */
const REPLACEABLE = "public, max-age=60";
const IMMUTABLE = "public, max-age=86400, immutable";

/** Pieces of a stream, which a player asks for once and nobody changes. */
const SEGMENT = /\.(ts|m4s|m4v|m4a|cmfv|cmfa|cmft|aac)$/i;
/** A digest of the content in the name: 32 hex digits or more, or an IPFS content identifier. */
const DIGEST = /^([0-9a-f]{32,}|Qm[1-9A-HJ-NP-Za-km-z]{44}|baf[a-z2-7]{50,})$/i;

/**
 * How long a file may be kept by whoever got it. Playlists grow while a stream runs; segments and
 * files that are named after their content never change under their name.
 */
export function cacheControlOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const isNamedByContent = name.split(/[._~-]/).some((part) => DIGEST.test(part));
  return SEGMENT.test(name) || isNamedByContent ? IMMUTABLE : REPLACEABLE;
}
