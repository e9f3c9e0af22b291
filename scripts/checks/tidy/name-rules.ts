import { isCode } from "../source-tree.ts";
import type { Rule } from "./rule.ts";

const isNamed = (path: string) => isCode(path) || /\.(sh|sql)$/.test(path);
/** The last segment up to its first dot: `vault-repository` of `vault-repository.memory.ts`. */
const stem = (path: string) => (path.split("/").at(-1) ?? "").split(".")[0] ?? "";
const KEBAB = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const SAYS_NOTHING = /(^|-)(utils?|helpers?|lib|managers?|types|misc)$/;

const kebabCase: Rule = {
  name: "names are kebab-case",
  find: ({ files }) =>
    files
      .filter(isNamed)
      .filter((path) => !path.split("/").every((segment) => KEBAB.test(segment)))
      .map((path) => `${path}: not kebab-case`),
  refuses: [
    { "src/vaultClient.ts": "" },
    { "src/Vault/vault.ts": "" },
    { "src/vault_client.ts": "" },
  ],
  accepts: [
    { "src/vault-client.integration.test.ts": "", "src/migrations/0001-foundation.ts": "" },
  ],
};

const tellingNames: Rule = {
  name: "a name says what is inside",
  find: ({ files }) =>
    files.filter(isNamed).flatMap((path) => {
      const wordless = [...path.split("/").slice(0, -1), stem(path)].filter((segment) =>
        SAYS_NOTHING.test(segment),
      );
      return wordless.map((segment) => `${path}: “${segment}” says nothing`);
    }),
  refuses: [{ "src/utils.ts": "" }, { "src/vault-manager.ts": "" }, { "src/lib/vault.ts": "" }],
  accepts: [{ "src/prototypes/vault.ts": "", "src/library.ts": "" }],
};

const noBarrels: Rule = {
  name: "no barrels",
  find: ({ files }) =>
    files
      .filter((path) => /(^|\/)index\.(ts|mts|mjs|js)$/.test(path))
      .map((path) => `${path}: import the file itself by its subpath`),
  refuses: [{ "packages/common/src/index.ts": "" }],
  accepts: [{ "packages/common/src/index-page.ts": "" }],
};

export const nameRules: readonly Rule[] = [kebabCase, tellingNames, noBarrels];
