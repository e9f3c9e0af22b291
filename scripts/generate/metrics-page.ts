import { type RegisteredMetric, readRegisteredMetrics } from "./registered-metrics.ts";

const cell = (text: string) => text.replaceAll("|", "\\|");

function rowOf({ name, type, help, labels, buckets, services }: RegisteredMetric): string {
  const bounds = buckets.length === 0 ? "" : ` Buckets: ${buckets.join(" ")}.`;
  const cells = [
    `\`${name}\``,
    type,
    labels.length === 0 ? "–" : labels.map((label) => `\`${label}\``).join(", "),
    services.length === 3 ? "all" : services.join(", "),
    `${help}${bounds}`,
  ];
  return `| ${cells.map(cell).join(" | ")} |`;
}

/** `docs/metrics.md`: every metric that the services register. */
export function metricsPage(): string {
  return `# Metrics

Generated from the services' registries by \`npm run generate\`. Each name has one owner: the file that makes it.

Every service serves \`/metrics\` in Prometheus' text format, without a credential: on its own port, or on
\`METRICS_PORT\` alone where that is set. \`METRICS_ENABLED=false\` takes it away, and measures nothing. Beside these there
are the process's own (\`process_…\`, \`nodejs_…\`). Routes are templates (\`/api/v1/tokens/:address\`), never URLs; what no
route answers is \`unknown\`. What has no label, or labels that are known before, is there at 0 from the start.

The \`db_\` gauges without a label are of the pool that serves requests, whose size is \`DB_POOL_SIZE\`; pools for work
beside requests are in \`db_background_connections\`. The alerts on these stand in [infra/prometheus](../infra/prometheus),
with a page each in [runbooks](runbooks).

| metric | type | labels | services | says |
| --- | --- | --- | --- | --- |
${readRegisteredMetrics().map(rowOf).join("\n")}
`;
}
