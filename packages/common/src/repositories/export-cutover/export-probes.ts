import type { TimePosition } from "../../contracts/keyset-page.ts";
import { compareLists } from "../cutover/list-probe.ts";
import type { StoreGate } from "../cutover/store-gate.ts";
import type { StoreSide } from "../cutover/store-mode.ts";
import type { StoreProbe } from "../cutover/verification.ts";
import type { ExportRepository } from "../export/export-repository.ts";

interface ProbeOptions {
  sides: Readonly<Record<StoreSide, ExportRepository>>;
  /** Whose lists are compared. */
  owners: () => readonly { readonly tenantId: string; readonly owner: string }[];
  gate: StoreGate;
}

/** What a verification of exports looks at beside the records. */
export function createExportProbes({ sides, owners, gate }: ProbeOptions): StoreProbe[] {
  const lists = () =>
    owners().map(({ tenantId, owner }) => ({
      name: `exports of ${tenantId}, ${owner}`,
      read: async (side: StoreSide, after: TimePosition | undefined, limit: number) => {
        const request = { limit, ...(after !== undefined && { after }) };
        const { jobs, hasNext, total } = await sides[side].list(tenantId, owner, request);
        const positions = jobs.map(({ createdAt: at, id }) => ({ at, id }));
        return { positions, hasNext, total };
      },
    }));
  return [{ name: "cursor order", run: () => compareLists(gate, lists()) }];
}
