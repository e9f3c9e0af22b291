import {
  STORE_MODES,
  STORE_SIDES,
  type StoreSetting,
} from "@orrery/common/repositories/cutover/store-mode";
import { type Arguments, type Command, EXIT, requireOption, UsageError } from "../command.ts";
import { readRepositories, StoreClient } from "./store-client.ts";
import { printStores } from "./store-status.ts";

/** Takes repositories one step on the way between memory and Postgres. */
export const switchStore: Command = {
  name: "store switch",
  parameters: "<repository|all> --mode <memory|dual|postgres> --reads <memory|postgres>",
  summary: "Take a repository one step towards memory or Postgres while billing serves.",
  options: { mode: { type: "string" }, reads: { type: "string" } },
  async run(output, env, given) {
    const repositories = readRepositories(given);
    const setting = readSetting(given);
    const client = new StoreClient(env);
    let overview = await client.read();
    for (const repository of repositories) {
      overview = await client.order(repository, { switch: setting });
      output.progress(`${repository}: ${setting.mode}, reading ${setting.reads}`);
    }
    printStores(output, overview);
    output.json(overview);
    return EXIT.ok;
  },
};

function readSetting(given: Arguments): StoreSetting {
  return {
    mode: oneOf(STORE_MODES, "mode", requireOption(given, "mode")),
    reads: oneOf(STORE_SIDES, "reads", requireOption(given, "reads")),
  };
}

function oneOf<Value extends string>(values: readonly Value[], name: string, text: string): Value {
  const found = values.find((value) => value === text);
  if (found !== undefined) return found;
  throw new UsageError(`--${name} must be ${values.join(", ")}`);
}
