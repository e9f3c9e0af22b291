import { Friendbot, friendbotAccountId } from "./friendbot.ts";
import { createHttpServer, listen } from "./http-server.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { networkSettings, type SettingsOverrides } from "./ledger/network-settings.ts";
import { ManualClock, ManualDriver, TimedDriver } from "./ledger-driver.ts";
import { Journal } from "./persistence/journal.ts";
import { Simulator } from "./simulator.ts";
import { createVault, type NewVault, updateVault } from "./vault/vault-admin.ts";
import type { VaultInstance } from "./vault/vault-storage.ts";

export interface LedgerSimOptions {
  readonly networkPassphrase: string;
  readonly host?: string;
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Milliseconds between two ledgers; 0, the default, closes them only by hand. */
  readonly closeMs?: number;
  /** Epoch milliseconds; by default the machine's, or one that moves with each hand-closed ledger. */
  readonly clock?: () => number;
  /** 0 ≤ x < 1, for the faults that have a probability; `Math.random` by default. */
  readonly random?: () => number;
  /** Public keys of accounts that exist from the start. */
  readonly genesisAccounts?: readonly string[];
  readonly genesisBalanceStroops?: bigint;
  /** The account that may charge vaults made by `sim_fund`; it exists from the start too. */
  readonly vaultAuthorizedCaller?: string;
  /** Where the network is kept over a restart; without it, it is forgotten. */
  readonly dataFile?: string;
  readonly settings?: SettingsOverrides;
  /** Is told of faults of the simulator itself. */
  readonly onFault?: (error: unknown) => void;
}

export interface LedgerSim {
  readonly url: string;
  readonly port: number;
  readonly ledger: Ledger;
  /** Closes ledgers at once; the clock of a hand-driven network moves with each. */
  closeLedger(count?: number): void;
  /** Runs a method as a caller of the HTTP interface would, without the network. */
  call(method: string, params?: Record<string, unknown>): Promise<unknown>;
  createVault(vault: NewVault): void;
  updateVault(contractId: string, change: Partial<VaultInstance>): void;
  /** Stops listening and keeps what is to be kept. */
  close(): Promise<void>;
}

/** 100 million lumens. */
const GENESIS_BALANCE_STROOPS = 1_000_000_000_000_000n;

/** Starts a network of one node, and serves it over HTTP. */
export async function startLedgerSim(options: LedgerSimOptions): Promise<LedgerSim> {
  const { host = "127.0.0.1", closeMs = 0, vaultAuthorizedCaller: vaultCaller } = options;
  const settings = networkSettings(options.networkPassphrase, {
    ...(closeMs > 0 && { ledgerSeconds: Math.ceil(closeMs / 1000) }),
    ...options.settings,
  });
  const manual = closeMs === 0 && !options.clock ? new ManualClock(Date.now()) : undefined;
  const journal = options.dataFile ? new Journal(options.dataFile, settings.passphrase) : undefined;
  const driver = { closeNow: (count: number) => active.closeNow(count) };
  const reached = { friendbotUrl: "" };
  const simulator = new Simulator({
    settings,
    clock: options.clock ?? manual?.now ?? Date.now,
    random: options.random ?? Math.random,
    vaultCaller,
    reached,
    driver,
    ...(journal && { store: journal }),
  });
  const { ledger, faults } = simulator;
  journal?.replayInto(ledger);
  if (!ledger.history.isEmpty) manual?.advanceTo(ledger.latest.closeTime * 1000);
  ledger.begin({
    accountIds: [
      friendbotAccountId(settings.passphrase),
      ...(options.genesisAccounts ?? []),
      ...(vaultCaller ? [vaultCaller] : []),
    ],
    balanceStroops: options.genesisBalanceStroops ?? GENESIS_BALANCE_STROOPS,
  });
  const timed = closeMs > 0 ? new TimedDriver(ledger, faults, closeMs) : undefined;
  const active = timed ?? new ManualDriver(ledger, faults, manual);
  const friendbot = new Friendbot(ledger, timed ? undefined : active);
  const server = createHttpServer({
    simulator,
    sideRoute: (url) =>
      url.pathname === "/friendbot"
        ? friendbot.fund(url.searchParams.get("addr") ?? "")
        : undefined,
    onFault: options.onFault ?? (() => {}),
  });
  const port = await listen(server, options.port ?? 0, host);
  const url = `http://${host}:${port}`;
  reached.friendbotUrl = `${url}/friendbot`;
  timed?.start();
  return {
    url,
    port,
    ledger,
    closeLedger: (count = 1) => active.closeNow(count),
    call: (method, params = {}) => simulator.call(method, params),
    createVault: (vault) => createVault(ledger, vault),
    updateVault: (contractId, change) => void updateVault(ledger, contractId, change),
    close: async () => {
      timed?.stop();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      journal?.close();
    },
  };
}
