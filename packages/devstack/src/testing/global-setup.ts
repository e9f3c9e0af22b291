import type {} from "@orrery/common/testing/test-database";
import type { TestProject } from "vitest/node";
import { describeFailure } from "../stack-failure.ts";
import { readTestServersConfig } from "./config.ts";
import { startTestServers } from "./test-servers.ts";

/** Files that talk to Postgres or Redis, by name. */
const NEEDS_SERVERS = /\.integration\.test\.ts$/;

/**
 * Starts the real servers once per run, when a selected test file needs them, and gives their
 * addresses to the tests.
 */
export default async function setup(
  project: TestProject,
): Promise<(() => Promise<void>) | undefined> {
  const config = readTestServersConfig();
  const files = project.vitest.state.getPaths();
  if (!config.areServersWanted || !files.some((file) => NEEDS_SERVERS.test(file))) {
    return undefined;
  }
  try {
    const servers = await startTestServers(config, (text) => project.vitest.logger.log(text));
    project.provide("postgresUrl", servers.postgresUrl);
    project.provide("redisUrl", servers.redisUrl);
    return servers.stop;
  } catch (error) {
    throw new Error(`the test servers did not start: ${describeFailure(error)}`, { cause: error });
  }
}
