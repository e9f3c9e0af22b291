import { Deployment, type IDeployment } from "kubernetes-models/apps/v1/Deployment";
import { type IJob, Job } from "kubernetes-models/batch/v1/Job";
import type { IContainer } from "kubernetes-models/v1/Container";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import { type Manifest, nameOf } from "./kustomize.ts";

export type Labels = Readonly<Record<string, string>>;

/** What runs: a Deployment or a Job, with the pods that it makes. */
export interface Workload {
  /** `Deployment/gateway` */
  readonly title: string;
  readonly name: string;
  readonly labels: Labels;
  readonly pod: IPodSpec;
  readonly containers: readonly IContainer[];
}

/** Everything that runs, Deployments first. */
export function workloadsOf(manifests: readonly Manifest[]): Workload[] {
  return [...manifests.filter(isDeployment), ...manifests.filter(isJob)].map(workloadOf);
}

/** The services: what runs for as long as it may. */
export function servicesOf(manifests: readonly Manifest[]): Workload[] {
  return manifests.filter(isDeployment).map(workloadOf);
}

export const isDeployment = (manifest: Manifest): manifest is Manifest & IDeployment =>
  Deployment.is(manifest);
const isJob = (manifest: Manifest): manifest is Manifest & IJob => Job.is(manifest);

function workloadOf(manifest: Manifest & (IDeployment | IJob)): Workload {
  const template = manifest.spec?.template;
  const pod = template?.spec ?? { containers: [] };
  return {
    title: nameOf(manifest),
    name: manifest.metadata.name,
    labels: { ...template?.metadata?.labels },
    pod,
    containers: pod.containers,
  };
}

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** Whether a label selector picks what has these labels; an empty one picks everything. */
export function selects(selector: Selector, labels: Labels): boolean {
  const isLabelled = Object.entries(selector.matchLabels ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  return (
    isLabelled &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      if (operator !== "In") throw new Error(`the operator ${operator} is not understood here`);
      return values.includes(labels[key] ?? "");
    })
  );
}
