/** Whether an `If-None-Match` names the entity tag, compared weakly. @see RFC 9110, section 13.1.2 */
export function namesETag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  return header.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}
