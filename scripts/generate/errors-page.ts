import { ERRORS, type ErrorCode, problemType } from "../../packages/common/src/contracts/errors.ts";

/** `docs/errors.md`: one row per code of the registry, by status and then by name. */
export function errorsPage(): string {
  const codes = (Object.keys(ERRORS) as ErrorCode[]).toSorted(
    (one, other) => ERRORS[one].status - ERRORS[other].status || one.localeCompare(other, "en"),
  );
  const rows = codes.map((code) => {
    const { status, title, isRetryable } = ERRORS[code];
    const cells = [`\`${code}\``, status, title, isRetryable ? "yes" : "no", problemType(code)];
    return `| ${cells.join(" | ")} |`;
  });
  return `# Errors

Generated from the registry in \`packages/common/src/contracts/errors.ts\` by \`npm run generate\`.

Every error is \`application/problem+json\` (RFC 9457) with \`type\`, \`title\`, \`status\`, \`code\`, \`detail\` and
\`requestId\`; a request that is not valid adds \`errors\`, each with a JSON pointer. “Send again” says whether the
same request, unchanged, may succeed later.

| code | status | title | send again | type |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}
