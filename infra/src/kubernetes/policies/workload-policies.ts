import type { IContainer } from "kubernetes-models/v1/Container";
import type { IProbe } from "kubernetes-models/v1/Probe";
import { ServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import { configOf } from "../configuration.ts";
import { isDeployment, selects, servicesOf, workloadsOf } from "../workload.ts";
import type { Policy } from "./policy.ts";

const GATEWAY_CONTAINER = "spec.template.spec.containers.0";

const pinnedImages: Policy = {
  name: "images have a version or a digest",
  find: (manifests) =>
    workloadsOf(manifests).flatMap(({ title, containers }) =>
      containers
        .filter(({ image = "" }) => !/(:\d+\.\d+\.\d+(-[\w.]+)?|@sha256:[0-9a-f]{64})$/.test(image))
        .map(({ image }) => `${title}: ${image}`),
    ),
  breaks: ["gateway:latest", "gateway", "gateway:1"].map((image) => ({
    of: "Deployment/gateway",
    at: `${GATEWAY_CONTAINER}.image`,
    to: image,
  })),
};

/** What the restricted profile of pod security asks for, and a root file system that nobody writes to. */
const restricted: Policy = {
  name: "nobody is root, or can become it",
  find: (manifests) =>
    workloadsOf(manifests).flatMap(({ title, pod, containers }) => {
      const { securityContext } = pod;
      const faults: string[] = [];
      if (securityContext?.runAsNonRoot !== true) faults.push("runAsNonRoot");
      if ((securityContext?.runAsUser ?? 0) < 10_000) faults.push("runAsUser");
      if (securityContext?.seccompProfile?.type !== "RuntimeDefault") faults.push("seccompProfile");
      if (pod.hostNetwork || pod.hostPID || pod.hostIPC) faults.push("shares the node's");
      if (pod.volumes?.some(({ hostPath }) => hostPath)) faults.push("hostPath");
      return [...faults, ...containers.flatMap(privileges)].map((fault) => `${title}: ${fault}`);
    }),
  breaks: [
    { of: "Deployment/gateway", at: "spec.template.spec.securityContext.runAsNonRoot" },
    { of: "Deployment/gateway", at: "spec.template.spec.securityContext.runAsUser", to: 0 },
    { of: "Deployment/gateway", at: "spec.template.spec.securityContext.seccompProfile" },
    { of: "Deployment/gateway", at: "spec.template.spec.hostNetwork", to: true },
    {
      of: "Deployment/gateway",
      at: "spec.template.spec.volumes",
      to: [{ name: "node", hostPath: { path: "/" } }],
    },
    { of: "Job/migrate", at: `${GATEWAY_CONTAINER}.securityContext.capabilities` },
    { of: "Job/migrate", at: `${GATEWAY_CONTAINER}.securityContext.readOnlyRootFilesystem` },
    { of: "Job/migrate", at: `${GATEWAY_CONTAINER}.securityContext.allowPrivilegeEscalation` },
    { of: "Job/migrate", at: `${GATEWAY_CONTAINER}.securityContext.privileged`, to: true },
    { of: "Job/migrate", at: `${GATEWAY_CONTAINER}.securityContext.runAsUser`, to: 0 },
  ],
};

function privileges({ securityContext }: IContainer): string[] {
  const faults: string[] = [];
  if (securityContext?.allowPrivilegeEscalation !== false) faults.push("allowPrivilegeEscalation");
  if (securityContext?.readOnlyRootFilesystem !== true) faults.push("readOnlyRootFilesystem");
  if (securityContext?.capabilities?.drop?.includes("ALL") !== true) faults.push("capabilities");
  if (securityContext?.capabilities?.add) faults.push("added capabilities");
  if (securityContext?.privileged) faults.push("privileged");
  if (securityContext?.runAsUser !== undefined) faults.push("a user of the container's own");
  return faults;
}

const noTokens: Policy = {
  name: "a ServiceAccount of its own, and no token of it",
  find: (manifests) => {
    const accounts = new Map(
      manifests
        .filter((manifest) => ServiceAccount.is(manifest))
        .map((account) => [account.metadata.name, account]),
    );
    return workloadsOf(manifests).flatMap(({ title, name, pod }) => {
      const account = accounts.get(pod.serviceAccountName ?? "");
      const faults: string[] = [];
      if (pod.serviceAccountName !== name || account === undefined) faults.push("no account");
      if (account?.automountServiceAccountToken !== false) faults.push("the account's token");
      if (pod.automountServiceAccountToken !== false) faults.push("the pod's token");
      return faults.map((fault) => `${title}: ${fault}`);
    });
  },
  breaks: [
    { of: "Deployment/billing", at: "spec.template.spec.serviceAccountName", to: "gateway" },
    { of: "Deployment/billing", at: "spec.template.spec.automountServiceAccountToken" },
    { of: "ServiceAccount/migrate", at: "automountServiceAccountToken", to: true },
  ],
};

interface ProbeNumbers {
  readonly path: string;
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

/** Readiness goes within 10 s, a hung process within 30 s, and a start may wait two minutes for the schema. */
const PROBES: Readonly<Record<"startupProbe" | "readinessProbe" | "livenessProbe", ProbeNumbers>> =
  {
    startupProbe: { path: "/startupz", periodSeconds: 2, failureThreshold: 60 },
    readinessProbe: { path: "/readyz", periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { path: "/livez", periodSeconds: 10, failureThreshold: 3 },
  };

const isProbe = (probe: IProbe | undefined, numbers: ProbeNumbers, container: IContainer) =>
  probe?.httpGet?.path === numbers.path &&
  container.ports?.some(({ name }) => name === probe.httpGet?.port) === true &&
  probe.periodSeconds === numbers.periodSeconds &&
  probe.failureThreshold === numbers.failureThreshold &&
  (probe.timeoutSeconds ?? 1) < probe.periodSeconds + 1;

const probed: Policy = {
  name: "three probes, at the right places and often enough",
  find: (manifests) =>
    servicesOf(manifests).flatMap(({ title, containers }) =>
      containers.flatMap((container) =>
        (Object.keys(PROBES) as (keyof typeof PROBES)[])
          .filter((name) => !isProbe(container[name], PROBES[name], container))
          .map((name) => `${title}: ${name} is not ${JSON.stringify(PROBES[name])}`),
      ),
    ),
  breaks: [
    { of: "Deployment/catalog", at: `${GATEWAY_CONTAINER}.startupProbe` },
    { of: "Deployment/catalog", at: `${GATEWAY_CONTAINER}.readinessProbe.httpGet.path`, to: "/" },
    { of: "Deployment/catalog", at: `${GATEWAY_CONTAINER}.readinessProbe.failureThreshold`, to: 9 },
    { of: "Deployment/catalog", at: `${GATEWAY_CONTAINER}.livenessProbe.periodSeconds`, to: 1 },
    { of: "Deployment/catalog", at: `${GATEWAY_CONTAINER}.livenessProbe.httpGet.port`, to: "web" },
  ],
};

const bounded: Policy = {
  name: "requests and limits of processor and memory",
  find: (manifests) =>
    workloadsOf(manifests).flatMap(({ title, containers }) =>
      containers.flatMap(({ resources }) =>
        (["requests", "limits"] as const).flatMap((bound) =>
          (["cpu", "memory"] as const)
            .filter((name) => resources?.[bound]?.[name] === undefined)
            .map((name) => `${title}: no ${bound} of ${name}`),
        ),
      ),
    ),
  breaks: [
    { of: "Job/migrate", at: `${GATEWAY_CONTAINER}.resources.limits.memory` },
    { of: "Deployment/billing", at: `${GATEWAY_CONTAINER}.resources.requests` },
  ],
};

/** What is left between the process's own end and the kill. */
const RESERVE_S = 5;

const drained: Policy = {
  name: "a pod may drain before it is killed",
  find: (manifests) =>
    servicesOf(manifests).flatMap(({ title, pod, containers }) => {
      const waitS = containers[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0;
      const drainS =
        Number(configOf(manifests, pod).get("SHUTDOWN_GRACE_MS") ?? Number.NaN) / 1_000;
      const faults: string[] = [];
      if (waitS < 10) faults.push(`load balancers have ${waitS} s to look elsewhere`);
      const isEnough = (pod.terminationGracePeriodSeconds ?? 30) >= waitS + drainS + RESERVE_S;
      if (!isEnough) faults.push(`killed before ${waitS} s + ${drainS} s + ${RESERVE_S} s`);
      if (pod.shareProcessNamespace !== true) faults.push("the service is the first process");
      return faults.map((fault) => `${title}: ${fault}`);
    }),
  breaks: [
    { of: "Deployment/gateway", at: "spec.template.spec.terminationGracePeriodSeconds", to: 45 },
    { of: "Deployment/gateway", at: `${GATEWAY_CONTAINER}.lifecycle` },
    { of: "Deployment/gateway", at: "spec.template.spec.shareProcessNamespace" },
  ],
};

const spread: Policy = {
  name: "pods are spread over zones and nodes",
  find: (manifests) =>
    servicesOf(manifests).flatMap(({ title, pod, labels }) =>
      ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
        .filter(
          (key) =>
            !pod.topologySpreadConstraints?.some(
              ({ topologyKey, labelSelector }) =>
                topologyKey === key &&
                Object.keys(labelSelector?.matchLabels ?? {}).length > 0 &&
                selects(labelSelector ?? {}, labels),
            ),
        )
        .map((key) => `${title}: not over ${key}`),
    ),
  breaks: [
    { of: "Deployment/gateway", at: "spec.template.spec.topologySpreadConstraints.0" },
    {
      of: "Deployment/gateway",
      at: "spec.template.spec.topologySpreadConstraints.1.labelSelector.matchLabels",
      to: { "app.kubernetes.io/name": "billing" },
    },
  ],
};

const servedDuringUpdates: Policy = {
  name: "an update takes no pod away before its successor is ready",
  find: (manifests) =>
    manifests
      .filter(isDeployment)
      .filter(({ spec }) => spec?.strategy?.rollingUpdate?.maxUnavailable !== 0)
      .map(({ metadata }) => `Deployment/${metadata.name}`),
  breaks: [
    { of: "Deployment/billing", at: "spec.strategy.rollingUpdate.maxUnavailable", to: 1 },
    { of: "Deployment/billing", at: "spec.strategy" },
  ],
};

export const workloadPolicies: readonly Policy[] = [
  pinnedImages,
  restricted,
  noTokens,
  probed,
  bounded,
  drained,
  spread,
  servedDuringUpdates,
];
