import type { DevstackConfig, Environment } from "../config.ts";
import type { DataDir } from "../data-dir/data-dir.ts";
import type { Secrets } from "../data-dir/secrets.ts";
import type { Progress } from "./progress.ts";
import type { StackAddresses } from "./stack-addresses.ts";
import type { StackProcesses } from "./stack-processes.ts";

/** What the parts of a start share. */
export interface StackContext {
  config: DevstackConfig;
  env: Environment;
  progress: Progress;
  isWatching: boolean;
  dataDir: DataDir;
  secrets: Secrets;
  addresses: StackAddresses;
  processes: StackProcesses;
}
