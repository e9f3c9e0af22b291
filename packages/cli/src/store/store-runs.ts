import { setTimeout as delay } from "node:timers/promises";
import type { StoredRepository } from "@orrery/common/repositories/cutover/store-mode";
import type { StoreStatus } from "@orrery/common/repositories/cutover/store-status";
import { type Arguments, type Command, type Environment, EXIT, type Output } from "../command.ts";
import { readRepositories, StoreClient, type StoreOverview } from "./store-client.ts";

/** How often it is asked how far a run has come. */
const POLL_MS = 250;

/** One run in billing: how far it is, and what came of it. */
interface Run {
  readonly order: "backfill" | "verify";
  readonly isRunning: (status: StoreStatus) => boolean;
  readonly progressOf: (status: StoreStatus) => string;
  readonly isDone: (status: StoreStatus) => boolean;
  /** What is to be said of the end, a line each. */
  readonly linesOf: (status: StoreStatus) => readonly string[];
}

/** Copies every record to the other store; goes on where an earlier one broke off. */
export const backfillStore: Command = {
  name: "store backfill",
  parameters: "<repository|all>",
  summary: "Copy every record to the other store; billing serves meanwhile.",
  run: (output, env, given) =>
    run(output, env, given, {
      order: "backfill",
      isRunning: ({ backfill }) => backfill.state === "running",
      progressOf: ({ backfill }) => `${backfill.copied} copied`,
      isDone: ({ backfill }) => backfill.state === "done",
      linesOf: ({ backfill }) => [
        backfill.state === "done"
          ? `${backfill.copied} records copied`
          : `broke off after ${backfill.copied} records; run it again to go on`,
      ],
    }),
};

/** Compares both stores as a whole. */
export const verifyStore: Command = {
  name: "store verify",
  parameters: "<repository|all>",
  summary: "Compare both stores: records, checksums, lists, replays and locks.",
  run: (output, env, given) =>
    run(output, env, given, {
      order: "verify",
      isRunning: ({ verification }) => verification.state === "running",
      progressOf: ({ verification }) => `${verification.compared} compared`,
      isDone: ({ verification }) => verification.state === "passed",
      linesOf: reportLines,
    }),
};

async function run(output: Output, env: Environment, given: Arguments, wanted: Run) {
  const client = new StoreClient(env);
  let overview = await client.read();
  let isAllDone = true;
  for (const repository of readRepositories(given)) {
    await client.order(repository, { run: wanted.order });
    overview = await follow(client, repository, output, wanted);
    const status = overview.repositories[repository];
    for (const line of wanted.linesOf(status)) output.line(`${repository}: ${line}`);
    isAllDone &&= wanted.isDone(status);
  }
  output.json(overview);
  return isAllDone ? EXIT.ok : EXIT.failed;
}

async function follow(
  client: StoreClient,
  repository: StoredRepository,
  output: Output,
  { isRunning, progressOf }: Run,
): Promise<StoreOverview> {
  let told = "";
  for (;;) {
    const overview = await client.read();
    const status = overview.repositories[repository];
    if (!isRunning(status)) return overview;
    const progress = progressOf(status);
    if (progress !== told) output.progress(`${repository}: ${progress}`);
    told = progress;
    await delay(POLL_MS);
  }
}

function reportLines({ verification }: StoreStatus): readonly string[] {
  const { state, report } = verification;
  if (report === undefined) return ["could not be compared; run it again"];
  const { memory, postgres } = report.sums;
  const faults = Object.entries(report.probes).flatMap(([probe, lines]) =>
    lines.length === 0 ? [`${probe}: same`] : lines.map((line) => `${probe}: ${line}`),
  );
  const differences = report.differences.map(({ key, found }) => {
    const where = found === "both" ? "differs" : `only in ${found}`;
    return `${key.kind} ${key.id} of ${key.tenantId} ${where}`;
  });
  const unnamed = report.differenceCount - differences.length;
  return [
    `${memory.count} records in memory, ${postgres.count} in Postgres, checksums ${
      memory.checksum === postgres.checksum ? "equal" : "differ"
    }`,
    ...faults,
    ...differences,
    ...(unnamed > 0 ? [`and ${unnamed} more differences`] : []),
    state === "passed" ? "verified" : "DIFFERS",
  ];
}
