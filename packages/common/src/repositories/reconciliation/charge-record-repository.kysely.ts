import { type RawBuilder, type Selectable, sql } from "kysely";
import type { OrreryDatabase } from "../database.ts";
import type { SubmissionIntentsTable } from "../submission-journal/submission-tables.ts";
import { withRole } from "../system-role.ts";
import type { ChargeRecord, ChargeRecordRepository } from "./charge-record-repository.ts";

type Row = Selectable<SubmissionIntentsTable> & {
  usage_status: string | null;
  usage_amount_stroops: string | null;
  usage_tx_hash: string | null;
  usage_ledger: string | null;
};

const STROOPS_PER_USDC = 10_000_000;

/** The rows in one snapshot, so that a charge on its way to the archive is seen exactly once. */
export class KyselyChargeRecordRepository implements ChargeRecordRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async listVaults(after: string, limit: number): Promise<string[]> {
    const nextAfter = (bound: RawBuilder<unknown>) => sql`least(
      (select contract_id from vaults where contract_id > ${bound} order by contract_id limit 1),
      (select vault_contract_id from submission_intents
       where state = 'confirmed' and vault_contract_id > ${bound}
       order by vault_contract_id limit 1),
      (select vault_contract_id from submission_intents_archive where vault_contract_id > ${bound}
       order by vault_contract_id limit 1)
    )`;
    const { rows } = await this.#read<{ contract_id: string }>(sql`
      with recursive vault (contract_id) as (
        select ${nextAfter(sql`${after}`)}
        union all
        select ${nextAfter(sql.ref("vault.contract_id"))} from vault
        where vault.contract_id is not null
      )
      select contract_id from vault where contract_id is not null limit ${limit}
    `);
    return rows.map((row) => row.contract_id);
  }

  async listCharged(
    request: Parameters<ChargeRecordRepository["listCharged"]>[0],
  ): Promise<ChargeRecord[]> {
    const { vaultContractId, fromLedger, toLedger, limit } = request;
    const after = request.after ?? { ledger: fromLedger - 1, intentId: LAST_UUID };
    const chosen = sql`
      vault_contract_id = ${vaultContractId} and ledger <= ${toLedger}
      and (ledger, intent_id) > (${after.ledger}::integer, ${after.intentId}::uuid)
      order by ledger, intent_id limit ${limit}
    `;
    const { rows } = await this.#read<Row>(sql`
      ${withUsageEvents(sql`
        (select * from submission_intents where state = 'confirmed' and ${chosen})
        union all
        (select (jsonb_populate_record(null::submission_intents, record)).*
         from submission_intents_archive where ${chosen})
      `)}
      order by charge.ledger, charge.intent_id limit ${limit}
    `);
    return rows.map(recordOf);
  }

  async listByMarker(markers: readonly string[]): Promise<ChargeRecord[]> {
    if (markers.length === 0) return [];
    const wanted = sql`marker = any (${[...markers]}::text[])`;
    const { rows } = await this.#read<Row>(
      withUsageEvents(sql`
        (select i.* from ${tenantsOf("submission_intents")} join submission_intents i
           on i.tenant_id = tenant.id and i.${wanted})
        union all
        (select (jsonb_populate_record(null::submission_intents, record)).*
         from ${tenantsOf("submission_intents_archive")} join submission_intents_archive a
           on a.tenant_id = tenant.id and a.${wanted})
      `),
    );
    return rows.map(recordOf);
  }

  #read<Result>(query: RawBuilder<unknown>) {
    return withRole(this.#database, "orrery_reconciler", (transaction) =>
      sql<Result>`${query}`.execute(transaction),
    );
  }
}

const LAST_UUID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** Markers are unique by tenant: hopping from tenant to tenant finds them without another index. */
function tenantsOf(table: "submission_intents" | "submission_intents_archive") {
  const name = sql.table(table);
  return sql`(
    with recursive hop (id) as (
      (select tenant_id from ${name} order by tenant_id limit 1)
      union all
      select (select t.tenant_id from ${name} t where t.tenant_id > hop.id order by t.tenant_id limit 1)
      from hop where hop.id is not null
    ) select id from hop where id is not null
  ) as tenant`;
}

/** A settlement as its events add up to it: it counts as confirmed with every one of them alone. */
const SETTLED_EVENTS = sql`
  select settlement.tx_hash, settlement.ledger, coalesce(sum(e.amount_usdc), 0) as amount_usdc,
    case when count(e.id) = settlement.event_count and coalesce(bool_and(
        e.status = settlement.state and e.stellar_tx_hash is not distinct from settlement.tx_hash
      ), false)
      then settlement.state else settlement.state || ', not with all its events' end as status
  from settlements settlement
  left join usage_events e
    on e.tenant_id = settlement.tenant_id and e.settlement_id = settlement.id
  where settlement.tenant_id = charge.tenant_id
    and settlement.id = case when charge.kind = 'settlement' then charge.subject_id::uuid end
  group by settlement.tenant_id, settlement.id
`;

/** The settlement that a stream says its charge has paid, which must be this very charge. */
const STREAM_SETTLEMENT = sql`
  select stream.settlement_state as status, stream.settlement_tx_hash as tx_hash,
    stream.settlement_ledger as ledger, stream.settlement_stroops as stroops
  from streams stream
  where stream.tenant_id = charge.tenant_id
    and stream.id = case when charge.kind = 'stream'
      then regexp_replace(charge.subject_id, '/[0-9]+$', '') end
    and stream.settlement_intent_id = charge.intent_id
`;

function withUsageEvents(charges: RawBuilder<unknown>) {
  return sql`
    select charge.*, coalesce(u.status, s.status, paid.status) as usage_status,
      coalesce(u.stellar_tx_hash, s.tx_hash, paid.tx_hash) as usage_tx_hash,
      coalesce(u.ledger, s.ledger, paid.ledger) as usage_ledger,
      coalesce(
        trunc(coalesce(u.amount_usdc, s.amount_usdc) * ${sql.lit(STROOPS_PER_USDC)}), paid.stroops
      )::text as usage_amount_stroops
    from (${charges}) as charge
    left join usage_events u on charge.kind = 'deduct'
      and u.tenant_id = charge.tenant_id and u.request_id = charge.subject_id
    left join lateral (${SETTLED_EVENTS}) as s on true
    left join lateral (${STREAM_SETTLEMENT}) as paid on true
  `;
}

function recordOf(row: Row): ChargeRecord {
  return {
    tenantId: row.tenant_id,
    intentId: row.intent_id,
    kind: row.kind,
    subjectId: row.subject_id,
    vaultContractId: row.vault_contract_id,
    payee: row.payee,
    amountStroops: BigInt(row.amount_stroops),
    marker: row.marker,
    state: row.state,
    ...placeOf(row.tx_hash, row.ledger),
    ...(row.usage_status !== null && {
      usageEvent: {
        status: row.usage_status,
        amountStroops: BigInt(row.usage_amount_stroops ?? "0"),
        ...placeOf(row.usage_tx_hash, row.usage_ledger),
      },
    }),
  };
}

function placeOf(txHash: string | null, ledger: number | string | null) {
  return {
    ...(txHash !== null && { txHash }),
    ...(ledger !== null && { ledger: Number(ledger) }),
  };
}
