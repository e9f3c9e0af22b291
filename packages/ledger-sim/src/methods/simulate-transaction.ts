import { type SimulationOptions, simulate } from "../host/simulation.ts";
import {
  decodeEnvelope,
  EnvelopeError,
  type ReceivedTransaction,
} from "../transactions/envelope.ts";
import { type Method, type MethodContext, readView } from "./method.ts";
import { decodeTransactionParam, requireBase64Format } from "./transaction-param.ts";

const AUTH_MODES = ["enforce", "record", "record_allow_nonroot"];

/**
 * Runs a transaction without sending it. What cannot be simulated and what the contract refuses
 * are both answers with an `error` text, as the network gives them.
 */
export const simulateTransaction: Method = (params, context) => {
  requireBase64Format(params);
  const tx = decodeTransactionParam(params, (text) => tryDecode(text, context));
  const view = readView(context);
  const latestLedger = view.latest.sequence;
  if (!tx) return { error: "Could not unmarshal transaction", latestLedger };
  if (tx.transaction.memo.type !== "memoNone") {
    const error = "Transaction contains a memo. Soroban transactions do not support memos.";
    return { error, latestLedger };
  }
  const { authMode } = params;
  const hasAuth = tx.transaction.operations.some(
    ({ body }) => body.type === "invokeHostFunction" && body.invokeHostFunctionOp.auth.length > 0,
  );
  const error = findAuthModeFault(authMode, hasAuth);
  if (error !== undefined) return { error, latestLedger };
  return simulate(tx, view, context.ledger.settings, {
    authMode: toAuthMode(authMode),
    isAddressBound: params["useUpgradedAuth"] === true,
    forcedContractError: context.struck.contractError,
  });
};

function tryDecode(text: string, { ledger }: MethodContext): ReceivedTransaction | undefined {
  try {
    return decodeEnvelope(text, ledger.networkId);
  } catch (error) {
    if (error instanceof EnvelopeError) return undefined;
    throw error;
  }
}

function findAuthModeFault(mode: unknown, hasAuth: boolean): string | undefined {
  if (mode === undefined || mode === null || mode === "") return undefined;
  if (typeof mode !== "string" || !AUTH_MODES.includes(mode)) {
    return `optional 'authMode' must be one of ${AUTH_MODES.join(",")} when included`;
  }
  if (hasAuth && mode !== "enforce") {
    return `cannot set authMode to '${mode}' with an auth footprint`;
  }
  return undefined;
}

function toAuthMode(mode: unknown): SimulationOptions["authMode"] {
  if (mode === "enforce") return "enforce";
  return typeof mode === "string" && mode !== "" ? "record" : undefined;
}
