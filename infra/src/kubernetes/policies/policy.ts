import { isRecord } from "../../files.ts";
import { type Manifest, nameOf } from "../kustomize.ts";

/** A change to one object that a policy must find: the value at a path of fields and indices. */
export interface Break {
  /** `Deployment/gateway` */
  readonly of: string;
  /** `spec.template.spec.containers.0.image`; a dot inside a field is written `\.` */
  readonly at: string;
  /** Undefined takes the field away. */
  readonly to?: unknown;
}

/** A rule of ours that the schemas cannot know, with changes that prove that it fires. */
export interface Policy {
  readonly name: string;
  /** What is wrong, one line each. */
  find(manifests: readonly Manifest[]): string[];
  readonly breaks: readonly Break[];
}

/**
 * The manifests with one change.
 * @throws Error when there is nothing to change: a break that breaks nothing proves nothing
 */
export function broken(manifests: readonly Manifest[], change: Break): Manifest[] {
  const copies = structuredClone([...manifests]);
  const target = copies.find((manifest) => nameOf(manifest) === change.of);
  const path = change.at.split(/(?<!\\)\./).map((part) => part.replaceAll("\\.", "."));
  const last = path.pop() ?? "";
  let node: unknown = target;
  for (const part of path) {
    node = Array.isArray(node) ? node[Number(part)] : isRecord(node) ? node[part] : undefined;
  }
  if (Array.isArray(node) && change.to === undefined) node.splice(Number(last), 1);
  else if (Array.isArray(node)) node[Number(last)] = change.to;
  else if (isRecord(node) && change.to === undefined) delete node[last];
  else if (isRecord(node)) node[last] = change.to;
  else throw new Error(`${change.of} has nothing at ${change.at}`);
  return copies;
}
