import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { isRecord, ROOT } from "../files.ts";

/** One object for the cluster, as it is applied. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/** The overlays, by name, and the namespace of each. */
const OVERLAYS = { dev: "orrery-dev", staging: "orrery-staging", production: "orrery" } as const;

export type Overlay = keyof typeof OVERLAYS;

/** Everything in infra/k8s, as `kubectl apply -k` would send it. */
export interface Everything {
  readonly overlays: Readonly<Record<Overlay, readonly Manifest[]>>;
  /** What no overlay has: the door by the Gateway API. */
  readonly examples: readonly Manifest[];
}

/**
 * Builds infra/k8s/everything, which has every overlay.
 * @throws Error with what kustomize says when it does not build
 */
export function buildEverything(): Everything {
  const program = createRequire(import.meta.url).resolve("kustomize/run.js");
  const result = spawnSync(
    process.execPath,
    [program, "build", join(ROOT, "infra/k8s/everything")],
    // It needs nothing of the environment, and gets nothing.
    { encoding: "utf8", env: {}, maxBuffer: OUTPUT_LIMIT_BYTES, timeout: TIMEOUT_MS },
  );
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`kustomize build: ${result.stderr}`);
  const manifests = parseAllDocuments(result.stdout).map((document) => manifestOf(document.toJS()));
  const isOf = (overlay: Overlay, { kind, metadata }: Manifest) =>
    (kind === "Namespace" ? metadata.name : metadata.namespace) === OVERLAYS[overlay];
  const of = (overlay: Overlay) => manifests.filter((manifest) => isOf(overlay, manifest));
  const overlays = { dev: of("dev"), staging: of("staging"), production: of("production") };
  const taken = new Set(Object.values(overlays).flat());
  return { overlays, examples: manifests.filter((manifest) => !taken.has(manifest)) };
}

function manifestOf(value: unknown): Manifest {
  if (isManifest(value)) return value;
  throw new Error(`not an object for a cluster: ${JSON.stringify(value).slice(0, 200)}`);
}

function isManifest(value: unknown): value is Manifest {
  return (
    isRecord(value) &&
    typeof value["apiVersion"] === "string" &&
    typeof value["kind"] === "string" &&
    isRecord(value["metadata"]) &&
    typeof value["metadata"]["name"] === "string"
  );
}

/** How a policy names an object: `Deployment/gateway`. */
export const nameOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;
