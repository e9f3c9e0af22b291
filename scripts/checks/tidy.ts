import { treeOf, treeOnDisk } from "./source-tree.ts";
import { nameRules } from "./tidy/name-rules.ts";
import { pinRules } from "./tidy/pin-rules.ts";
import { projectRules } from "./tidy/project-rules.ts";
import type { Rule } from "./tidy/rule.ts";
import { sizeRules } from "./tidy/size-rules.ts";
import { wordRules } from "./tidy/word-rules.ts";

const rules: readonly Rule[] = [
  ...sizeRules,
  ...nameRules,
  ...wordRules,
  ...pinRules,
  ...projectRules,
];

/** What a rule gets wrong about its own examples: a rule that cannot fire guards nothing. */
function selfTest(rule: Rule): string[] {
  const passedOver = rule.refuses.filter((texts) => rule.find(treeOf(texts)).length === 0);
  const objected = rule.accepts.flatMap((texts) => rule.find(treeOf(texts)));
  return [
    ...passedOver.map((texts) => `passes over ${JSON.stringify(texts).slice(0, 160)}`),
    ...objected.map((finding) => `objects to a tree that is fine: ${finding}`),
    ...(rule.refuses.length === 0 ? ["has no example that it refuses"] : []),
  ];
}

const tree = treeOnDisk();
let faults = 0;
for (const rule of rules) {
  const findings = [
    ...rule.find(tree),
    ...selfTest(rule).map((fault) => `the rule itself ${fault}`),
  ];
  faults += findings.length;
  if (findings.length > 0) console.error(`${rule.name}:\n  ${findings.join("\n  ")}`);
}
console.log(`${tree.files.length} files, ${rules.length} rules, ${faults} faults`);
if (faults > 0) process.exitCode = 1;
