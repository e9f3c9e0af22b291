import type { IIngress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import { Ingress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import type { Manifest } from "../kustomize.ts";
import { servicesOf } from "../workload.ts";
import type { Policy } from "./policy.ts";

const ALB = "alb.ingress.kubernetes.io/";

const ingressesOf = (manifests: readonly Manifest[]) =>
  manifests.filter((manifest) => Ingress.is(manifest));

const annotationsOf = (ingress: IIngress | undefined) => ingress?.metadata?.annotations ?? {};

/** `a=1,b=2`, the number at one name. */
const attribute = (text: string | undefined, name: string) =>
  Number(
    text
      ?.split(",")
      .find((pair) => pair.startsWith(`${name}=`))
      ?.split("=")[1],
  );

const HEALTH_CHECK = {
  "healthcheck-path": "/readyz",
  "healthcheck-interval-seconds": "30",
  "healthy-threshold-count": "2",
  "unhealthy-threshold-count": "3",
  "success-codes": "200",
  "target-type": "ip",
};

const healthChecked: Policy = {
  name: "the load balancer asks each pod whether it is ready",
  find: (manifests) => {
    const annotations = annotationsOf(ingressesOf(manifests)[0]);
    return Object.entries(HEALTH_CHECK)
      .filter(([name, value]) => annotations[`${ALB}${name}`] !== value)
      .map(([name, value]) => `${name} is not ${value}`);
  },
  breaks: ["healthcheck-path", "unhealthy-threshold-count", "success-codes"].map((name) => ({
    of: "Ingress/gateway",
    at: `metadata.annotations.${ALB.replaceAll(".", "\\.")}${name}`,
    to: "/",
  })),
};

/** How long the gateway keeps an idle connection, in seconds. */
const KEEP_ALIVE_S = 72;

const timed: Policy = {
  name: "the load balancer gives up connections before the gateway, and pods after they ended",
  find: (manifests) => {
    const annotations = annotationsOf(ingressesOf(manifests)[0]);
    const idleS = attribute(
      annotations[`${ALB}load-balancer-attributes`],
      "idle_timeout.timeout_seconds",
    );
    const awayS = attribute(
      annotations[`${ALB}target-group-attributes`],
      "deregistration_delay.timeout_seconds",
    );
    const graceS = servicesOf(manifests).find(({ name }) => name === "gateway")?.pod
      .terminationGracePeriodSeconds;
    return [
      ...(idleS < KEEP_ALIVE_S ? [] : [`idle for ${idleS} s`]),
      ...(awayS >= (graceS ?? Number.NaN) ? [] : [`away after ${awayS} s`]),
    ];
  },
  breaks: [
    {
      of: "Ingress/gateway",
      at: `metadata.annotations.${ALB.replaceAll(".", "\\.")}load-balancer-attributes`,
      to: "idle_timeout.timeout_seconds=4000",
    },
    {
      of: "Ingress/gateway",
      at: `metadata.annotations.${ALB.replaceAll(".", "\\.")}target-group-attributes`,
      to: "deregistration_delay.timeout_seconds=0",
    },
  ],
};

/** What the world may ask for; metrics, probes and health are for the inside. */
const PUBLIC_PATHS = ["/api", "/docs", "/openapi.json", "/status"];

const narrow: Policy = {
  name: "the world reaches the gateway's public paths alone",
  find: (manifests) =>
    ingressesOf(manifests).flatMap(({ spec }) => [
      ...(spec?.defaultBackend ? ["a default backend"] : []),
      ...(spec?.rules ?? [])
        .flatMap(({ http }) => http?.paths ?? [])
        .filter(
          ({ path = "/", backend }) =>
            !PUBLIC_PATHS.includes(path) || backend.service?.name !== "gateway",
        )
        .map(({ path }) => `${path} is open`),
    ]),
  breaks: [
    { of: "Ingress/gateway", at: "spec.rules.0.http.paths.0.path", to: "/" },
    { of: "Ingress/gateway", at: "spec.rules.0.http.paths.1.path", to: "/metrics" },
    { of: "Ingress/gateway", at: "spec.rules.0.http.paths.0.backend.service.name", to: "billing" },
    {
      of: "Ingress/gateway",
      at: "spec.defaultBackend",
      to: { service: { name: "gateway", port: { name: "http" } } },
    },
  ],
};

/** Hold where the door is an Application Load Balancer. */
export const doorPolicies: readonly Policy[] = [healthChecked, timed, narrow];
