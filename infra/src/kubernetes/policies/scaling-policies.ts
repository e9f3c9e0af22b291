import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { isDeployment, selects, servicesOf } from "../workload.ts";
import type { Policy } from "./policy.ts";

/** Holds of every overlay. */
const budgeted: Policy = {
  name: "a drained node takes one pod of a service at a time",
  find: (manifests) => {
    const budgets = manifests.filter((manifest) => PodDisruptionBudget.is(manifest));
    return servicesOf(manifests).flatMap(({ title, labels }) => {
      const [budget, ...others] = budgets.filter(({ spec }) =>
        selects(spec?.selector ?? {}, labels),
      );
      const isOne = others.length === 0 && budget?.spec?.maxUnavailable === 1;
      return isOne ? [] : [`${title}: not one budget of one pod`];
    });
  },
  breaks: [
    { of: "PodDisruptionBudget/gateway", at: "spec.maxUnavailable", to: "100%" },
    {
      of: "PodDisruptionBudget/gateway",
      at: "spec.selector.matchLabels",
      to: { "app.kubernetes.io/part-of": "orrery" },
    },
  ],
};

/** Fewer pods could not be replaced one by one without leaving a service to a single one. */
const FEWEST = 2;

/** Holds where there are autoscalers. */
const scaled: Policy = {
  name: "every service scales on processor and load, from two pods up",
  find: (manifests) => {
    const autoscalers = manifests.filter((manifest) => HorizontalPodAutoscaler.is(manifest));
    return manifests.filter(isDeployment).flatMap(({ metadata, spec }) => {
      const scaler = autoscalers.find(
        ({ spec }) =>
          spec?.scaleTargetRef.kind === "Deployment" && spec.scaleTargetRef.name === metadata.name,
      )?.spec;
      if (scaler === undefined) return [`${metadata.name}: no autoscaler`];
      const types = scaler.metrics?.map(({ type }) => type) ?? [];
      const faults: string[] = [];
      if ((scaler.minReplicas ?? 1) < FEWEST) faults.push("too few pods");
      if (scaler.maxReplicas <= (scaler.minReplicas ?? 1)) faults.push("cannot grow");
      if (!types.includes("Resource")) faults.push("not by processor");
      if (!types.some((type) => type === "Pods" || type === "External")) faults.push("not by load");
      if (spec?.replicas !== undefined) faults.push("replicas are the autoscaler's");
      return faults.map((fault) => `${metadata.name}: ${fault}`);
    });
  },
  breaks: [
    { of: "HorizontalPodAutoscaler/gateway", at: "spec.minReplicas", to: 1 },
    { of: "HorizontalPodAutoscaler/gateway", at: "spec.maxReplicas", to: 2 },
    { of: "HorizontalPodAutoscaler/billing", at: "spec.metrics.0" },
    { of: "HorizontalPodAutoscaler/billing", at: "spec.metrics.1" },
    { of: "HorizontalPodAutoscaler/billing", at: "spec.scaleTargetRef.name", to: "bilding" },
    { of: "Deployment/catalog", at: "spec.replicas", to: 3 },
  ],
};

export const budgetPolicies: readonly Policy[] = [budgeted];
export const autoscalerPolicies: readonly Policy[] = [scaled];
