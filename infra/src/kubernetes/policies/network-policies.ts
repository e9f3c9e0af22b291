import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import type { INetworkPolicyPeer } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer";
import { Namespace } from "kubernetes-models/v1/Namespace";
import { Service } from "kubernetes-models/v1/Service";
import { configOf } from "../configuration.ts";
import type { Manifest } from "../kustomize.ts";
import { isDeployment, selects, servicesOf, type Workload, workloadsOf } from "../workload.ts";
import type { Policy } from "./policy.ts";

const policiesOf = (manifests: readonly Manifest[]) =>
  manifests.filter((manifest) => NetworkPolicy.is(manifest));

const servicePorts = (manifests: readonly Manifest[]) =>
  manifests.filter((manifest) => Service.is(manifest));

const labelled: Policy = {
  name: "Deployments and Services select their own pods, and only those",
  find: (manifests) => {
    const workloads = workloadsOf(manifests);
    const picked = (selector: Readonly<Record<string, string>>) =>
      workloads.filter(({ labels }) => selects({ matchLabels: selector }, labels));
    const isOwn = (name: string, found: readonly Workload[]) =>
      found.length === 1 && found[0]?.name === name;
    const deployments = manifests
      .filter(isDeployment)
      .filter(
        ({ metadata, spec }) => !isOwn(metadata.name, picked(spec?.selector.matchLabels ?? {})),
      )
      .map(({ metadata }) => `Deployment/${metadata.name}`);
    const services = servicePorts(manifests)
      .filter(({ metadata, spec }) => {
        const found = picked(spec?.selector ?? {});
        const named = found[0]?.containers[0]?.ports?.map(({ name }) => name) ?? [];
        const isReached = spec?.ports?.every(({ targetPort }) =>
          named.includes(String(targetPort)),
        );
        return !isOwn(metadata.name, found) || isReached !== true;
      })
      .map(({ metadata }) => `Service/${metadata.name}`);
    return [...deployments, ...services];
  },
  breaks: [
    {
      of: "Deployment/gateway",
      at: "spec.selector.matchLabels",
      to: { "app.kubernetes.io/part-of": "orrery" },
    },
    {
      of: "Service/billing",
      at: "spec.selector.app\\.kubernetes\\.io/name",
      to: "catalog",
    },
    { of: "Service/billing", at: "spec.ports.0.targetPort", to: "web" },
  ],
};

/** Which of these workloads a peer of the same namespace is; none for addresses and other namespaces. */
const workloadsAt = (peer: INetworkPolicyPeer, workloads: readonly Workload[]) =>
  peer.podSelector === undefined || peer.namespaceSelector !== undefined
    ? []
    : workloads.filter(({ labels }) => selects(peer.podSelector ?? {}, labels));

const aimed: Policy = {
  name: "network policies name pods and ports that are there",
  find: (manifests) => {
    const workloads = workloadsOf(manifests);
    return policiesOf(manifests).flatMap(({ metadata, spec }) => {
      const held = workloads.filter(({ labels }) => selects(spec?.podSelector ?? {}, labels));
      const faults = held.length === 0 ? ["holds nobody"] : [];
      for (const { ports } of spec?.ingress ?? []) {
        if (!isListening(held, ports)) faults.push("lets in where nobody listens");
      }
      for (const peer of [
        ...(spec?.ingress ?? []).flatMap(({ from = [] }) => from),
        ...(spec?.egress ?? []).flatMap(({ to = [] }) => to),
      ]) {
        const isOurs = peer.podSelector !== undefined && peer.namespaceSelector === undefined;
        if (isOurs && workloadsAt(peer, workloads).length === 0) faults.push("names nobody");
      }
      for (const { to = [], ports } of spec?.egress ?? []) {
        const targets = to.flatMap((peer) => workloadsAt(peer, workloads));
        if (targets.length > 0 && !isListening(targets, ports)) faults.push("leads to no port");
      }
      return faults.map((fault) => `NetworkPolicy/${metadata.name}: ${fault}`);
    });
  },
  breaks: [
    {
      of: "NetworkPolicy/billing",
      at: "spec.podSelector.matchLabels",
      to: { "app.kubernetes.io/name": "bilding" },
    },
    { of: "NetworkPolicy/billing", at: "spec.ingress.0.ports.0.port", to: 8082 },
    {
      of: "NetworkPolicy/catalog",
      at: "spec.ingress.0.from.0.podSelector.matchLabels",
      to: { app: "gateway" },
    },
    { of: "NetworkPolicy/gateway", at: "spec.egress.0.ports.0.port", to: 80 },
  ],
};

type Ports = readonly { readonly port?: number | string }[] | undefined;

const isListening = (workloads: readonly Workload[], ports: Ports) =>
  ports !== undefined &&
  workloads.every(({ containers }) =>
    ports.every(({ port }) =>
      containers.some((container) =>
        container.ports?.some(({ containerPort }) => containerPort === port),
      ),
    ),
  );

const deniedByDefault: Policy = {
  name: "what no policy allows is refused, both ways",
  find: (manifests) =>
    policiesOf(manifests).some(
      ({ spec }) =>
        Object.keys(spec?.podSelector ?? {}).length === 0 &&
        spec?.policyTypes?.includes("Ingress") === true &&
        spec.policyTypes.includes("Egress") &&
        (spec.ingress ?? []).length === 0 &&
        (spec.egress ?? []).length === 0,
    )
      ? []
      : ["no policy denies everything"],
  breaks: [
    { of: "NetworkPolicy/deny-all", at: "spec.policyTypes", to: ["Ingress"] },
    { of: "NetworkPolicy/deny-all", at: "spec.egress", to: [{}] },
    { of: "NetworkPolicy/deny-all", at: "spec.podSelector", to: { matchLabels: { a: "b" } } },
  ],
};

/** Who may open connections to a workload, in words. */
function callersOf(name: string, manifests: readonly Manifest[]): Set<string> {
  const workloads = workloadsOf(manifests);
  const labels = workloads.find((workload) => workload.name === name)?.labels ?? {};
  const rules = policiesOf(manifests)
    .filter(({ spec }: INetworkPolicy) => selects(spec?.podSelector ?? {}, labels))
    .flatMap(({ spec }) => spec?.ingress ?? []);
  return new Set(
    rules.flatMap(({ from }) => {
      if (from === undefined || from.length === 0) return ["everybody"];
      return from.flatMap((peer) => {
        if (peer.ipBlock) return ["addresses"];
        if (isPrometheus(peer)) return ["prometheus"];
        if (peer.namespaceSelector) return ["another namespace"];
        return workloadsAt(peer, workloads).map((workload) => workload.name);
      });
    }),
  );
}

const isPrometheus = ({ namespaceSelector, podSelector }: INetworkPolicyPeer) =>
  namespaceSelector?.matchLabels?.["kubernetes.io/metadata.name"] === "monitoring" &&
  podSelector?.matchLabels?.["app.kubernetes.io/name"] === "prometheus";

const oneDoor: Policy = {
  name: "the gateway is the only door; the others hear it and Prometheus",
  find: (manifests) =>
    workloadsOf(manifests).flatMap(({ name, title }) => {
      const callers = callersOf(name, manifests);
      if (name === "gateway") return callers.size > 0 ? [] : [`${title}: nobody reaches it`];
      const expected = name === "migrate" ? [] : ["gateway", "prometheus"];
      const isExact = callers.size === expected.length && expected.every((one) => callers.has(one));
      return isExact ? [] : [`${title}: heard by ${[...callers].join(", ") || "nobody"}`];
    }),
  breaks: [
    { of: "NetworkPolicy/billing", at: "spec.ingress.0.from" },
    { of: "NetworkPolicy/billing", at: "spec.ingress.0.from.1.podSelector" },
    {
      of: "NetworkPolicy/catalog",
      at: "spec.ingress.0.from.0",
      to: { podSelector: { matchLabels: { "app.kubernetes.io/part-of": "orrery" } } },
    },
    {
      of: "NetworkPolicy/catalog",
      at: "spec.ingress.0.from.0",
      to: { ipBlock: { cidr: "10.0.0.0/8" } },
    },
    { of: "NetworkPolicy/gateway", at: "spec.ingress", to: [] },
  ],
};

const upstreams: Policy = {
  name: "the gateway knows its upstreams by their Services, and may reach them",
  find: (manifests) => {
    const gateway = servicesOf(manifests).find(({ name }) => name === "gateway");
    if (gateway === undefined) return ["there is no gateway"];
    const config = configOf(manifests, gateway.pod);
    return ["billing", "catalog"].flatMap((name) => {
      const url = new URL(config.get(`${name.toUpperCase()}_URL`) ?? "http://unset");
      const service = servicePorts(manifests).find(
        ({ metadata }) => metadata.name === url.hostname,
      );
      const isPort = service?.spec?.ports?.some(({ port }) => String(port) === url.port) === true;
      const isAllowed = policiesOf(manifests)
        .filter(({ spec }) => selects(spec?.podSelector ?? {}, gateway.labels))
        .flatMap(({ spec }) => spec?.egress ?? [])
        .flatMap(({ to = [] }) => to.flatMap((peer) => workloadsAt(peer, workloadsOf(manifests))))
        .some((workload) => workload.name === name);
      return isPort && isAllowed ? [] : [`${name}: ${url.href}`];
    });
  },
  breaks: [
    { of: "Service/catalog", at: "spec.ports.0.port", to: 80 },
    { of: "NetworkPolicy/gateway", at: "spec.egress.0" },
  ],
};

const NAMESPACED_NOT = new Set(["Namespace"]);

const restrictedNamespace: Policy = {
  name: "everything is in one namespace, which holds pods to the restricted profile",
  find: (manifests) => {
    const [namespace, ...others] = manifests.filter((manifest) => Namespace.is(manifest));
    if (namespace === undefined || others.length > 0) return ["not one Namespace"];
    const isRestricted =
      namespace.metadata.labels?.["pod-security.kubernetes.io/enforce"] === "restricted";
    return [
      ...(isRestricted ? [] : ["the namespace enforces nothing"]),
      ...manifests
        .filter(({ kind }) => !NAMESPACED_NOT.has(kind))
        .filter(({ metadata }) => metadata.namespace !== namespace.metadata.name)
        .map(({ kind, metadata }) => `${kind}/${metadata.name} is in ${metadata.namespace}`),
    ];
  },
  breaks: [
    { of: "Deployment/gateway", at: "metadata.namespace", to: "default" },
    { of: "Service/gateway", at: "metadata.namespace" },
  ],
};

export const networkPolicies: readonly Policy[] = [
  labelled,
  aimed,
  deniedByDefault,
  oneDoor,
  upstreams,
  restrictedNamespace,
];
