import { type Selectable, sql } from "kysely";
import { uuidv7 } from "../../contracts/id.ts";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import { withRole } from "../system-role.ts";
import { DIFFERENCE_KINDS, type Difference, type DifferenceKind } from "./difference.ts";
import type {
  OpenDifference,
  ReconciliationLease,
  ReconciliationStateRepository,
} from "./reconciliation-state-repository.ts";
import type { ReconciliationDifferencesTable } from "./reconciliation-tables.ts";

/** The one cursor: over the `deduct` events of all vaults. */
const CURSOR = "charges";

export class KyselyReconciliationStateRepository implements ReconciliationStateRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async lease(owner: string, leaseMs: number): Promise<ReconciliationLease | undefined> {
    const { rows } = await this.#asReconciler((transaction) =>
      sql<{ lease_epoch: string; next_ledger: number | null }>`
        insert into reconciliation_cursors as cursor (name, lease_owner, lease_until)
        values (${CURSOR}, ${owner}, ${untilIn(leaseMs)})
        on conflict (name) do update set
          lease_owner = excluded.lease_owner, lease_until = excluded.lease_until,
          lease_epoch = cursor.lease_epoch + 1
        where cursor.lease_until <= clock_timestamp()
        returning lease_epoch, next_ledger
      `.execute(transaction),
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    return {
      epoch: BigInt(row.lease_epoch),
      ...(row.next_ledger !== null && { nextLedger: row.next_ledger }),
    };
  }

  async advance(lease: ReconciliationLease, nextLedger: number, leaseMs: number): Promise<boolean> {
    const { numAffectedRows } = await this.#asReconciler((transaction) =>
      sql`
        update reconciliation_cursors
        set next_ledger = ${nextLedger}, lease_until = ${untilIn(leaseMs)}
        where name = ${CURSOR} and lease_epoch = ${lease.epoch}
      `.execute(transaction),
    );
    return numAffectedRows === 1n;
  }

  async release(lease: ReconciliationLease): Promise<void> {
    await this.#asReconciler((transaction) =>
      sql`
        update reconciliation_cursors set lease_until = '-infinity', lease_epoch = lease_epoch + 1
        where name = ${CURSOR} and lease_epoch = ${lease.epoch}
      `.execute(transaction),
    );
  }

  async findNextLedger(): Promise<number | undefined> {
    const row = await this.#asReconciler((transaction) =>
      transaction
        .selectFrom("reconciliation_cursors")
        .select("next_ledger")
        .where("name", "=", CURSOR)
        .executeTakeFirst(),
    );
    return row?.next_ledger ?? undefined;
  }

  async note(differences: readonly Difference[], now: Date): Promise<OpenDifference[]> {
    return this.#asReconciler(async (transaction) => {
      const opened: OpenDifference[] = [];
      for (const difference of differences) {
        const row = await noteOne(transaction, difference, now);
        if (row !== undefined) opened.push(openDifferenceOf(row));
      }
      return opened;
    });
  }

  async listOpen(after: OpenDifference | undefined, limit: number): Promise<OpenDifference[]> {
    const rows = await this.#asReconciler((transaction) => {
      const query = transaction
        .selectFrom("reconciliation_differences")
        .selectAll()
        .where("closed_at", "is", null)
        .orderBy("ledger")
        .orderBy("id")
        .limit(limit);
      return after === undefined
        ? query.execute()
        : query.where(sql<boolean>`(ledger, id) > (${after.ledger}, ${after.id}::uuid)`).execute();
    });
    return rows.map(openDifferenceOf);
  }

  async settle(ids: readonly string[], now: Date): Promise<void> {
    if (ids.length === 0) return;
    await this.#asReconciler((transaction) =>
      transaction
        .updateTable("reconciliation_differences")
        .set({ closed_at: now, closed_by: null })
        .where("id", "in", [...ids])
        .where("closed_at", "is", null)
        .execute(),
    );
  }

  async countOpen(): Promise<Readonly<Record<DifferenceKind, number>>> {
    const rows = await this.#asReconciler((transaction) =>
      transaction
        .selectFrom("reconciliation_differences")
        .select((eb) => ["kind", eb.fn.countAll().as("count")])
        .where("closed_at", "is", null)
        .groupBy("kind")
        .execute(),
    );
    const counts = new Map(rows.map((row) => [row.kind, Number(row.count)]));
    return Object.fromEntries(
      DIFFERENCE_KINDS.map((kind) => [kind, counts.get(kind) ?? 0]),
    ) as Record<DifferenceKind, number>;
  }

  #asReconciler<Result>(work: (transaction: OrreryTransaction) => Promise<Result>) {
    return withRole(this.#database, "orrery_reconciler", work);
  }
}

/** The database's clock: instances must agree on when a lease is over. */
function untilIn(leaseMs: number) {
  return sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`;
}

async function noteOne(transaction: OrreryTransaction, difference: Difference, now: Date) {
  return transaction
    .insertInto("reconciliation_differences")
    .values({
      id: uuidv7(now.getTime()),
      kind: difference.kind,
      vault_contract_id: difference.vaultContractId,
      ledger: difference.ledger,
      tx_hash: difference.txHash ?? "",
      marker: difference.marker ?? "",
      tenant_id: difference.tenantId ?? null,
      subject_id: difference.subjectId ?? null,
      detail: difference.detail,
      found_at: now,
    })
    .onConflict((conflict) =>
      conflict
        .constraint("reconciliation_differences_unique")
        .doUpdateSet({ closed_at: null, found_at: now, detail: difference.detail })
        .where("reconciliation_differences.closed_at", "is not", null)
        .where("reconciliation_differences.closed_by", "is", null),
    )
    .returningAll()
    .executeTakeFirst();
}

function openDifferenceOf(row: Selectable<ReconciliationDifferencesTable>): OpenDifference {
  return {
    id: row.id,
    kind: row.kind,
    vaultContractId: row.vault_contract_id,
    ledger: row.ledger,
    detail: row.detail,
    foundAt: row.found_at,
    ...(row.tx_hash !== "" && { txHash: row.tx_hash }),
    ...(row.marker !== "" && { marker: row.marker }),
    ...(row.tenant_id !== null && { tenantId: row.tenant_id }),
    ...(row.subject_id !== null && { subjectId: row.subject_id }),
  };
}
