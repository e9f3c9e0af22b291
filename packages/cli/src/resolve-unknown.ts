import { systemClock } from "@orrery/common/contracts/clock";
import { uuidv7 } from "@orrery/common/contracts/id";
import type {
  UnknownDecision,
  UnknownKey,
} from "@orrery/common/repositories/reconciliation/operator-repository";
import type { IntentKind } from "@orrery/soroban/intent/submission-intent";
import { createHttpSorobanRpc } from "@orrery/soroban/rpc/http-soroban-rpc";
import {
  type Arguments,
  type Command,
  EXIT,
  readNumber,
  requireOption,
  UsageError,
} from "./command.ts";
import { withStores } from "./compose.ts";
import { readChain } from "./config.ts";
import { findContradiction } from "./find-contradiction.ts";

const KINDS: readonly IntentKind[] = ["deduct", "stream", "settlement"];

/** Ends an `unknown` charge on the word of an operator, who names the evidence. */
export const resolveUnknown: Command = {
  name: "unknown resolve",
  parameters:
    '<tenant> <requestId> --as confirmed|failed --evidence "…" --operator name [--tx-hash H --ledger N] [--kind deduct|stream|settlement]',
  summary: "End an unknown charge on evidence, with an audit record.",
  options: {
    as: { type: "string" },
    evidence: { type: "string" },
    operator: { type: "string" },
    "tx-hash": { type: "string" },
    ledger: { type: "string" },
    kind: { type: "string" },
  },
  async run(output, env, given) {
    const key = readKey(given);
    const decision = readDecision(given);
    const at = new Date(systemClock());
    const evidence = requireOption(given, "evidence");
    const operator = requireOption(given, "operator");
    const action = { operator, evidence, at, auditId: uuidv7(at.getTime()) };
    const { SOROBAN_RPC_URL: url, SOROBAN_RPC_TIMEOUT_MS: timeoutMs } = readChain(env);
    const refusal = await withStores(env, async (stores) => {
      const unknown = await stores.operator.findUnknown(key);
      if (unknown === undefined) return "is not unknown; see `orrery unknown list`";
      if (url === undefined) {
        output.progress("SOROBAN_RPC_URL is not set: the chain is not asked");
      } else {
        const rpc = createHttpSorobanRpc({ url, timeoutMs });
        const contradiction = await findContradiction(rpc, unknown, decision);
        if (contradiction !== undefined) return contradiction;
      }
      const isResolved = await stores.operator.resolveUnknown(key, decision, action);
      return isResolved ? undefined : "was resolved by somebody else just now";
    });
    const name = `${key.tenantId} ${key.subjectId}`;
    output.line(refusal === undefined ? `${name} is ${decision.state}` : `${name} ${refusal}`);
    output.json({ ...key, ...(refusal === undefined ? { resolved: decision } : { refusal }) });
    return refusal === undefined ? EXIT.ok : EXIT.failed;
  },
};

function readKey({ operands, options }: Arguments): UnknownKey {
  const [tenantId, subjectId, ...others] = operands;
  if (tenantId === undefined || subjectId === undefined || others.length > 0) {
    throw new UsageError("a tenant and a requestId are required");
  }
  const kind = KINDS.find((candidate) => candidate === (options.kind ?? "deduct"));
  if (kind === undefined) throw new UsageError(`--kind is one of ${KINDS.join(", ")}`);
  return { tenantId, kind, subjectId };
}

function readDecision(given: Arguments): UnknownDecision {
  const { "tx-hash": txHash, ledger } = given.options;
  const state = requireOption(given, "as");
  if (state === "failed") {
    if (txHash === undefined && ledger === undefined) return { state };
    throw new UsageError("--tx-hash and --ledger belong to --as confirmed");
  }
  if (state !== "confirmed") throw new UsageError("--as is confirmed or failed");
  if (txHash === undefined && ledger === undefined) return { state };
  if (typeof txHash !== "string" || !/^[0-9a-f]{64}$/.test(txHash) || typeof ledger !== "string") {
    throw new UsageError("--tx-hash is 64 hex digits and comes with --ledger");
  }
  return { state, txHash, ledger: readNumber("--ledger", ledger) };
}
