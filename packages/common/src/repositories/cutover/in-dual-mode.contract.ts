import { afterEach, expect } from "vitest";
import { MemoryStoreModeRepository } from "../store-mode/store-mode-repository.memory.ts";
import type { RecordSide } from "./record-side.ts";
import { keyText } from "./record-side.ts";
import { type MemorySide, StoreCutover } from "./store-cutover.ts";
import { StoreGate } from "./store-gate.ts";
import type { StoredRepository, StoreSide } from "./store-mode.ts";

/** A cutover in dual mode, as a contract suite of a port is run over it. */
export function dualCutover<Row extends object>(
  name: StoredRepository,
  reads: StoreSide,
  sides: { readonly memory: MemorySide<Row>; readonly postgres: RecordSide<Row> },
) {
  const gate = new StoreGate();
  const refused: unknown[] = [];
  const cutover = new StoreCutover<Row>({
    name,
    sides,
    probes: [],
    gate,
    modes: new MemoryStoreModeRepository(),
    initial: { mode: "dual", reads },
    isAway: () => false,
    onRefused: (error) => refused.push(error),
    onMismatch: () => undefined,
  });
  return { gate, cutover, sides, refused };
}

/** After every test: nothing was refused, and both sides hold the same. */
export function expectEqualSides(current: () => ReturnType<typeof dualCutover> | undefined): void {
  afterEach(async () => {
    const dual = current();
    if (dual === undefined) return;
    const { sides, refused, cutover } = dual;
    expect(refused).toEqual([]);
    expect(cutover.status.repairs).toBe(0);
    const keys = await sides.postgres.listKeys(undefined, 10_000);
    expect((await sides.memory.listKeys(undefined, 10_000)).map(keyText)).toEqual(
      keys.map(keyText),
    );
    expect(await sides.memory.read(keys)).toEqual(await sides.postgres.read(keys));
  });
}
