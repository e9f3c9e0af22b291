import type { xdr } from "@stellar/stellar-sdk";
import { type Entry, entryId, isTemporary, type SorobanEntry } from "../entries/entry.ts";
import { StateOverlay, type StateView } from "../entries/ledger-state.ts";
import type { NetworkSettings } from "../ledger/network-settings.ts";
import { HostError } from "./host-error.ts";

/** The keys that a call may touch, by entry id. */
export interface DeclaredFootprint {
  readonly readOnly: ReadonlyMap<string, xdr.LedgerKey>;
  readonly readWrite: ReadonlyMap<string, xdr.LedgerKey>;
}

export function declaredFootprint(footprint: xdr.LedgerFootprint): DeclaredFootprint {
  const byId = (keys: readonly xdr.LedgerKey[]) =>
    new Map(keys.map((key) => [entryId(key), key] as const));
  return { readOnly: byId(footprint.readOnly), readWrite: byId(footprint.readWrite) };
}

/** The entry is past its time to live: gone when temporary, archived when persistent. */
export function isExpired(entry: SorobanEntry, ledger: number): boolean {
  return entry.liveUntil < ledger;
}

/** An archived entry brought back, with the lifetime that a restored entry gets. */
export function restoredEntry(
  entry: SorobanEntry,
  ledger: number,
  settings: NetworkSettings,
): SorobanEntry {
  const liveUntil = ledger + settings.minPersistentTtlLedgers - 1;
  return { ...entry, liveUntil, lastModified: ledger };
}

/**
 * The entries a contract call reads and writes. With a footprint it refuses what was not
 * declared; without one it records what is touched, and restores what is archived.
 */
export class HostStorage {
  readonly overlay: StateOverlay;
  /** Ids of entries that a recording call found archived. */
  readonly restored = new Set<string>();
  readonly #footprint: DeclaredFootprint | undefined;
  readonly #ledger: number;
  readonly #settings: NetworkSettings;
  readonly #touched = new Map<string, { key: xdr.LedgerKey; isWritten: boolean }>();

  constructor(
    state: StateView,
    ledger: number,
    settings: NetworkSettings,
    footprint?: DeclaredFootprint,
  ) {
    this.overlay = new StateOverlay(state);
    this.#settings = settings;
    this.#ledger = ledger;
    this.#footprint = footprint;
  }

  find(key: xdr.LedgerKey): SorobanEntry | undefined {
    const id = entryId(key);
    const isWritable = this.#footprint?.readWrite.has(id);
    if (this.#footprint && !isWritable && !this.#footprint.readOnly.has(id)) {
      throw HostError.host("Storage", "ExceededLimit", "a key outside of the footprint");
    }
    this.#touch(id, key, false);
    return this.#live(id, this.overlay.find(id));
  }

  put(key: xdr.LedgerKey, entry: SorobanEntry): void {
    const id = entryId(key);
    if (this.#footprint && !this.#footprint.readWrite.has(id)) {
      throw HostError.host("Storage", "ExceededLimit", "a write outside of the footprint");
    }
    this.#touch(id, key, true);
    this.overlay.put(id, entry);
  }

  /** What was touched so far, sorted by entry id as a footprint wants it. */
  touched(): { readOnly: xdr.LedgerKey[]; readWrite: xdr.LedgerKey[] } {
    const sorted = [...this.#touched].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const keys = (isWritten: boolean) =>
      sorted.filter(([, use]) => use.isWritten === isWritten).map(([, use]) => use.key);
    return { readOnly: keys(false), readWrite: keys(true) };
  }

  #touch(id: string, key: xdr.LedgerKey, isWritten: boolean): void {
    const use = this.#touched.get(id);
    if (!use) this.#touched.set(id, { key, isWritten });
    else if (isWritten) use.isWritten = true;
  }

  #live(id: string, entry: Entry | undefined): SorobanEntry | undefined {
    if (entry?.kind !== "soroban") return undefined;
    if (!isExpired(entry, this.#ledger)) return entry;
    if (isTemporary(entry.key)) return undefined;
    if (this.#footprint) throw HostError.host("Storage", "InvalidAction", "an archived entry");
    const restored = restoredEntry(entry, this.#ledger, this.#settings);
    this.restored.add(id);
    this.put(entry.key, restored);
    return restored;
  }
}
