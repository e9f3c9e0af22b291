import { Type } from "typebox";

/** Scheme, host and port, as a browser writes them: nothing after, and no `*` or `null`. */
const ORIGIN = "https?://[a-z0-9.-]+(:[0-9]{1,5})?";

/** Which pages may call. */
export const CORS_VARIABLES = {
  CORS_ALLOWED_ORIGINS: Type.Optional(
    Type.String({
      description:
        "Origins whose pages may call, comma-separated, `https://app.example.com`; no page's without it.",
      pattern: `^${ORIGIN}(,${ORIGIN})*$`,
    }),
  ),
};

export function allowedOriginsOf({
  CORS_ALLOWED_ORIGINS,
}: {
  CORS_ALLOWED_ORIGINS?: string;
}): string[] {
  return CORS_ALLOWED_ORIGINS?.split(",") ?? [];
}
