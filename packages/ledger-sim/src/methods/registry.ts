import { getEvents } from "./get-events.ts";
import { getFeeStats } from "./get-fee-stats.ts";
import { getLedgerEntries } from "./get-ledger-entries.ts";
import { getTransaction } from "./get-transaction.ts";
import { getLedgers, getTransactions } from "./ledger-pages.ts";
import type { Method } from "./method.ts";
import { getHealth, getLatestLedger, getNetwork, getVersionInfo } from "./network-methods.ts";
import { sendTransaction } from "./send-transaction.ts";
import {
  simClearFaults,
  simCloseLedger,
  simEmitEvent,
  simFund,
  simSetFaults,
  simState,
} from "./sim-methods.ts";
import { simulateTransaction } from "./simulate-transaction.ts";

/** The methods of the network's own interface; faults befall these. */
export const NETWORK_METHODS: Readonly<Record<string, Method>> = {
  getEvents,
  getFeeStats,
  getHealth,
  getLatestLedger,
  getLedgerEntries,
  getLedgers,
  getNetwork,
  getTransaction,
  getTransactions,
  getVersionInfo,
  sendTransaction,
  simulateTransaction,
};

/** The methods by which the simulator is driven; no fault befalls them. */
export const SIM_METHODS: Readonly<Record<string, Method>> = {
  sim_clearFaults: simClearFaults,
  sim_closeLedger: simCloseLedger,
  sim_emitEvent: simEmitEvent,
  sim_fund: simFund,
  sim_setFaults: simSetFaults(Object.keys(NETWORK_METHODS)),
  sim_state: simState,
};
