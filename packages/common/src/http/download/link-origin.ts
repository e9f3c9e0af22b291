import type { IncomingHttpHeaders } from "node:http";

/**
 * Where a consumer reaches the gateway, without a slash at its end: as configured, or as the gateway
 * says that the request came. Empty, so that links are relative to the request, when it says nothing
 * that is a host.
 */
export function originOf(
  { headers }: { readonly headers: IncomingHttpHeaders },
  publicUrl: string | undefined,
): string {
  if (publicUrl !== undefined) return publicUrl.replace(/\/+$/, "");
  const protocol = firstOf(headers["x-forwarded-proto"]) ?? "http";
  const host = firstOf(headers["x-forwarded-host"]) ?? headers.host ?? "";
  if (!/^https?$/.test(protocol) || !/^[\w.:[\]-]+$/.test(host)) return "";
  return `${protocol}://${host}`;
}

/** Each proxy adds to the end: the first is what the consumer said. */
function firstOf(header: string | string[] | undefined): string | undefined {
  return header?.toString().split(",", 1)[0]?.trim();
}
