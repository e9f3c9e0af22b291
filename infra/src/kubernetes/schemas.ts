import { ExternalSecret } from "@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret";
import { SecretStore } from "@kubernetes-models/external-secrets/external-secrets.io/v1/SecretStore";
import { Gateway } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/Gateway";
import { HTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute";
import { PrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { Job } from "kubernetes-models/batch/v1/Job";
import { Ingress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import { Namespace } from "kubernetes-models/v1/Namespace";
import { Service } from "kubernetes-models/v1/Service";
import { ServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import { isRecord } from "../files.ts";
import { type Manifest, nameOf } from "./kustomize.ts";

interface Model {
  readonly apiVersion: string;
  readonly kind: string;
  /** @throws Error from `validate` that names every fault */
  new (): { validate(): void };
}

/** The kinds that we use; any other has no schema here, and is refused. */
const MODELS: readonly Model[] = [
  ConfigMap,
  Deployment,
  ExternalSecret,
  Gateway,
  HorizontalPodAutoscaler,
  HTTPRoute,
  Ingress,
  Job,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  PrometheusRule,
  SecretStore,
  Service,
  ServiceAccount,
  ServiceMonitor,
];

/** What the schema of its kind holds against a manifest: wrong values, and fields that it does not know. */
export function schemaFaults(manifest: Manifest): string[] {
  const { apiVersion, kind } = manifest;
  const model = MODELS.find((known) => known.apiVersion === apiVersion && known.kind === kind);
  if (model === undefined) return [`${nameOf(manifest)}: no schema for ${apiVersion} ${kind}`];
  const fault = faultOf(model, manifest);
  if (fault !== undefined) return [`${nameOf(manifest)}: ${fault}`];
  return unknownFields(model, manifest).map((path) => `${nameOf(manifest)}: unknown field ${path}`);
}

function faultOf(model: Model, manifest: Manifest): string | undefined {
  try {
    Object.assign(new model(), manifest).validate();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Of no type that JSON has, so that every schema refuses it. */
const NO_VALUE = Symbol("no value");

/**
 * The fields that a schema does not know. The models let unknown fields pass, as a server without strict checking
 * does; but where a field is known, a value of no type is refused, and where it is not, anything passes.
 */
function unknownFields(model: Model, manifest: Manifest): string[] {
  const unknown: string[] = [];
  const probed = structuredClone(manifest);
  const visit = (node: unknown, path: string) => {
    if (Array.isArray(node)) {
      for (const [index, element] of node.entries()) visit(element, `${path}[${index}]`);
    }
    if (!isRecord(node)) return;
    for (const [key, value] of Object.entries(node)) {
      const fieldPath = path === "" ? key : `${path}.${key}`;
      node[key] = NO_VALUE;
      const isUnknown = faultOf(model, probed) === undefined;
      node[key] = value;
      if (isUnknown) unknown.push(fieldPath);
      else visit(value, fieldPath);
    }
  };
  visit(probed, "");
  return unknown;
}
