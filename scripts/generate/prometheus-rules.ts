import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = "infra/prometheus/rules";
const HEAD = `# Generated from ${FOLDER} by \`npm run generate\`.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: orrery
  labels:
    app.kubernetes.io/part-of: orrery
spec:
  groups:
`;

/** The rules of every file, as one object of the Prometheus Operator; each file is one list of `groups`. */
export function prometheusRules(root: string): string {
  const files = readdirSync(join(root, FOLDER))
    .filter((name) => name.endsWith(".yml") && !name.endsWith(".test.yml"))
    .toSorted();
  if (files.length === 0) throw new Error(`${FOLDER} has no rules`);
  return HEAD + files.map((name) => groupsOf(root, name)).join("");
}

/** The lines below `groups:`, as deep as the object wants them. */
function groupsOf(root: string, name: string): string {
  const [comment = "", groups, ...rest] = readFileSync(join(root, FOLDER, name), "utf8").split(
    /^groups:\n/m,
  );
  if (groups === undefined || rest.length > 0 || /^[^#\n]/m.test(comment)) {
    throw new Error(`${FOLDER}/${name} is not one list of groups`);
  }
  return `${groups.trimEnd()}\n`.replaceAll(/^(?=.)/gm, "  ");
}
