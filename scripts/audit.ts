import { runCommand } from "./checks/command.ts";
import { PNPM } from "./run/install.mjs";

// `npm run audit [-- --strict]`: asks the registry for known vulnerabilities of what the lockfile names. A high or
// critical one is exit code 1. A registry that cannot be asked is no verdict on the code: it is said, and the exit
// code is 0, or 1 with --strict (the scheduled run, which would else be blind without anybody noticing).

const LEVELS = ["low", "moderate", "high", "critical"];
const GATE = LEVELS.indexOf("high");

interface Advisory {
  readonly module_name?: string;
  readonly severity?: string;
  readonly title?: string;
  readonly url?: string;
}

/** The advisories of a report; undefined: there is no report. */
function advisoriesOf(output: string): readonly Advisory[] | undefined {
  try {
    const report = JSON.parse(output.slice(output.indexOf("{"))) as {
      readonly advisories?: Readonly<Record<string, Advisory>>;
    };
    return report.advisories === undefined ? undefined : Object.values(report.advisories);
  } catch {
    return undefined;
  }
}

const { output } = await runCommand(["npx", "--yes", PNPM, "audit", "--json"]);
const advisories = advisoriesOf(output);
if (advisories === undefined) {
  console.error(`audit: NOT ASKED, the registry gave no report\n${output.trim()}`);
  process.exitCode = process.argv.includes("--strict") ? 1 : 0;
} else {
  for (const { module_name, severity, title, url } of advisories) {
    console.log(`${severity} ${module_name}: ${title} ${url}`);
  }
  const grave = advisories.filter(({ severity = "" }) => LEVELS.indexOf(severity) >= GATE);
  console.log(`audit: ${advisories.length} advisories, ${grave.length} high or critical`);
  if (grave.length > 0) process.exitCode = 1;
}
