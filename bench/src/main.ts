import { BENCHES } from "./benches.ts";
import { Cleanup } from "./harness/cleanup.ts";
import { isBelowTarget, isBroken } from "./harness/result.ts";
import { runBenches } from "./harness/run-benches.ts";
import { formatTable } from "./harness/table.ts";
import { readOptions } from "./options.ts";

/** Progress goes to stderr, so that stdout holds the table or the JSON alone. */
const say = (text: string) => process.stderr.write(`${text}\n`);

const cleanup = new Cleanup();
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => {
    say(`${signal}: stopping what was started`);
    void cleanup.run().finally(() => process.exit(code));
  });
}

try {
  const options = readOptions(
    process.argv.slice(2),
    BENCHES.map(({ name }) => name),
  );
  if (options.isHelp) {
    console.log("npm run bench -- [name…] [--quick] [--check] [--json]\n");
    for (const { name, about } of BENCHES) console.log(`  ${name.padEnd(16)}${about}`);
  } else {
    const chosen = options.names.flatMap((name) => BENCHES.filter((bench) => bench.name === name));
    const results = await runBenches(chosen, { ...options, cleanup, say });
    console.log(options.isJson ? JSON.stringify(results, null, 2) : formatTable(results));
    const isFailed = results.some(isBroken) || (options.isCheck && results.some(isBelowTarget));
    process.exitCode = isFailed ? 1 : 0;
  }
} catch (error) {
  say(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
