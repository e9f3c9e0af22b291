import { ExternalSecret } from "@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret";
import { ConfigMap } from "kubernetes-models/v1/ConfigMap";
import type { IPodSpec } from "kubernetes-models/v1/PodSpec";
import type { Manifest } from "./kustomize.ts";

/**
 * The plain variables that the ConfigMaps of a pod give to its first container.
 * @throws Error when the pod names one that is not there
 */
export function configOf(manifests: readonly Manifest[], pod: IPodSpec): Map<string, string> {
  const names = (pod.containers[0]?.envFrom ?? []).flatMap(({ configMapRef }) =>
    configMapRef?.name === undefined ? [] : [configMapRef.name],
  );
  return new Map(
    names.flatMap((name) => {
      const map = manifests
        .filter((manifest) => ConfigMap.is(manifest))
        .find((one) => one.metadata.name === name);
      if (map === undefined) throw new Error(`there is no ConfigMap ${name}`);
      return Object.entries(map.data ?? {});
    }),
  );
}

/** The Secrets that a pod names. */
export function secretNamesOf(pod: IPodSpec): string[] {
  return (pod.containers[0]?.envFrom ?? []).flatMap(({ secretRef }) =>
    secretRef?.name === undefined ? [] : [secretRef.name],
  );
}

/** The variables that an ExternalSecret brings into a Secret; undefined: nothing here makes that Secret. */
export function secretKeysOf(manifests: readonly Manifest[], name: string): string[] | undefined {
  const secret = manifests
    .filter((manifest) => ExternalSecret.is(manifest))
    .find(({ spec }) => spec?.target?.name === name);
  return secret?.spec?.data?.map(({ secretKey }) => secretKey);
}
