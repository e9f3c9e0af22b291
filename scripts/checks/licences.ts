import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./source-tree.ts";

/** What an Apache-2.0 product may be made with, and shipped with, without a further duty than naming it. */
const ALLOWED = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Python-2.0",
  "Unlicense",
  "Zlib",
]);

/** Used here and shipped nowhere, so that its source need not be offered: part of the test runner. */
const FOR_TOOLS_ONLY: Readonly<Record<string, RegExp>> = { "MPL-2.0": /^lightningcss(-|$)/ };

interface InstalledPackage {
  readonly name: string;
  readonly licence: string;
}

/** Whether an SPDX expression without exceptions can be kept by what is allowed. */
function isAllowed({ name, licence }: InstalledPackage): boolean {
  const alternatives = licence.replaceAll(/[()]/g, "").split(/ OR /);
  return alternatives.some((alternative) =>
    alternative
      .split(/ AND /)
      .every((id) => ALLOWED.has(id) || FOR_TOOLS_ONLY[id]?.test(name) === true),
  );
}

/** Every package of the lockfile that is installed on this platform. */
function installedPackages(): InstalledPackage[] {
  const store = join(root, "node_modules/.pnpm");
  return readdirSync(store).flatMap((entry) => {
    const name = entry.slice(0, entry.indexOf("@", 1)).replace("+", "/");
    const file = join(store, entry, "node_modules", name, "package.json");
    if (!existsSync(file)) return [];
    const { license } = JSON.parse(readFileSync(file, "utf8")) as { readonly license?: unknown };
    return [{ name, licence: typeof license === "string" ? license : "none" }];
  });
}

/** The check itself: what it must refuse and what it must let pass. */
const REFUSED = ["GPL-3.0-only", "none", "MIT AND AGPL-3.0-only", "MPL-2.0", "GPL-2.0 OR LGPL-3.0"];
const ACCEPTED = ["MIT", "(MIT OR GPL-3.0)", "(MIT AND Zlib)", "Apache-2.0"];
const planted = (licence: string) => ({ name: "planted", licence });

const packages = installedPackages();
const faults = [
  ...packages.filter((one) => !isAllowed(one)).map(({ name, licence }) => `${name}: ${licence}`),
  ...REFUSED.filter((licence) => isAllowed(planted(licence))).map(
    (it) => `the check lets ${it} pass`,
  ),
  ...ACCEPTED.filter((licence) => !isAllowed(planted(licence))).map(
    (it) => `the check refuses ${it}`,
  ),
  // A store that was not found would have no fault.
  ...(packages.length < 100 ? [`only ${packages.length} packages were seen`] : []),
];
for (const fault of faults) console.error(fault);
console.log(`${packages.length} packages, ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
