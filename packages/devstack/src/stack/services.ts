import { findFreePort } from "../process/free-port.ts";
import { type Backends, type ServiceName, serviceEnvironment } from "./child-environment.ts";
import { answersOk, launchNodeProcess, openOutput } from "./node-process.ts";
import { PROJECT_ROOT } from "./project-root.ts";
import { HOST } from "./stack-addresses.ts";
import type { StackContext } from "./stack-context.ts";

/** One process of a service. */
interface Instance {
  readonly name: string;
  readonly service: ServiceName;
  readonly url: string;
  /** Over what every instance of the service is given. */
  readonly env: NodeJS.ProcessEnv;
}

/** Starts the services side by side and waits until each answers /readyz. */
export async function startServices(
  context: StackContext,
  backends: Backends,
  hasTwins: boolean,
): Promise<void> {
  const { gatewayUrl, billingUrl, catalogUrl } = context.addresses;
  const behind: Instance[] = [
    { name: "billing", service: "billing", url: billingUrl, env: {} },
    { name: "catalog", service: "catalog", url: catalogUrl, env: {} },
  ];
  const twins = hasTwins ? await Promise.all(behind.map(twinOf)) : [];
  const urlsOf = (service: ServiceName) =>
    [...behind, ...twins].filter((one) => one.service === service).map(({ url }) => url);
  const env = {
    BILLING_URL: urlsOf("billing").join(","),
    CATALOG_URL: urlsOf("catalog").join(","),
  };
  const gateway: Instance = { name: "gateway", service: "gateway", url: gatewayUrl, env };
  await Promise.all(
    [...behind, ...twins, gateway].map((instance) => startInstance(context, backends, instance)),
  );
}

async function twinOf({ name, service }: Instance): Promise<Instance> {
  const port = await findFreePort();
  const env = { [`${service.toUpperCase()}_PORT`]: String(port) };
  return { name: `${name}-2`, service, url: `http://${HOST}:${port}`, env };
}

function startInstance(
  context: StackContext,
  backends: Backends,
  { name, service, url, env: own }: Instance,
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
          entry: `services/${service}/src/main.ts`,
          cwd: PROJECT_ROOT,
          env: {
            ...serviceEnvironment(service, env, config, secrets, addresses, backends, dataDir),
            ...own,
          },
          isWatching,
          output,
          isReady: () => answersOk(`${url}/readyz`),
          attempt,
        }),
    });
  });
}
