import { type Backends, type ServiceName, serviceEnvironment } from "./child-environment.ts";
import { answersOk, launchNodeProcess, openOutput } from "./node-process.ts";
import { PROJECT_ROOT } from "./project-root.ts";
import type { StackContext } from "./stack-context.ts";

/** Starts the three services side by side and waits until each answers /readyz. */
export async function startServices(context: StackContext, backends: Backends): Promise<void> {
  const { addresses } = context;
  await Promise.all([
    startService(context, backends, "billing", addresses.billingUrl),
    startService(context, backends, "catalog", addresses.catalogUrl),
    startService(context, backends, "gateway", addresses.gatewayUrl),
  ]);
}

function startService(
  context: StackContext,
  backends: Backends,
  name: ServiceName,
  url: string,
): Promise<void> {
  const { config, env, progress, dataDir, secrets, addresses, processes, isWatching } = context;
  return progress.step(name, "ready", () => {
    const output = openOutput(name, dataDir.logs, progress.say, { isPlainShown: true });
    return processes.start({
      name,
      part: "services",
      output,
      launch: (attempt) =>
        launchNodeProcess({
          name,
          entry: `services/${name}/src/main.ts`,
          cwd: PROJECT_ROOT,
          env: serviceEnvironment(name, env, config, secrets, addresses, backends, dataDir),
          isWatching,
          output,
          isReady: () => answersOk(`${url}/readyz`),
          attempt,
        }),
    });
  });
}
