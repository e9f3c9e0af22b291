import { type Kysely, sql } from "kysely";

/**
 * Claims keys, in one round trip: as a statement of its own, which commits the claims, or as the first
 * statement of an effect's transaction, which then needs no other to become the role.
 *
 * Who claims a key holds its advisory lock to the end of the transaction, and nobody waits for it:
 * the claim that an open transaction has not committed answers `in_progress` and blocks no connection.
 * The locks are taken by a statement of their own, so that the next one sees what their last holders
 * committed.
 *
 * A key is claimed when it is new or no longer kept, or when its request comes again and nobody works
 * on it, or when it comes without a lease and so need not be alone. A new epoch shuts out whoever held
 * it before.
 */
export async function createClaimFunction(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function claim_idempotency_keys(
      p_role text, p_tenants text, p_now timestamptz, p_keep_ms bigint,
      p_tenant_ids text[], p_tokens text[], p_fingerprints bytea[], p_leases_ms integer[]
    ) returns table (
      place integer, outcome text, epoch bigint, claimed_at timestamptz, is_repeat boolean,
      free_in_ms bigint, status smallint, headers jsonb, body text, is_secret boolean
    ) language plpgsql as $claim$
    #variable_conflict use_column
    declare
      v_now timestamptz := coalesce(p_now, clock_timestamp());
      v_free boolean[];
    begin
      perform set_config('role', p_role, true), set_config('orrery.tenants', p_tenants, true);
      select array_agg(
        pg_try_advisory_xact_lock(hashtextextended(g.tenant_id || ' ' || g.token, 0)) order by g.place
      ) into v_free
      from unnest(p_tenant_ids, p_tokens) with ordinality as g (tenant_id, token, place);
      return query
      with given as (
        select * from unnest(p_tenant_ids, p_tokens, p_fingerprints, p_leases_ms, v_free)
          with ordinality as g (tenant_id, token, fingerprint, lease_ms, is_free, place)
      ),
      claimed as (
        insert into idempotency_keys as k (
          tenant_id, token, fingerprint, epoch, lease_until, claimed_at, expires_at
        )
        select given.tenant_id, given.token, given.fingerprint, nextval('idempotency_epochs'),
          v_now + given.lease_ms * interval '1 millisecond', v_now,
          v_now + p_keep_ms * interval '1 millisecond'
        from given where given.is_free
        order by given.tenant_id, given.token
        on conflict (tenant_id, token) do update set
          fingerprint = excluded.fingerprint,
          epoch = excluded.epoch,
          lease_until = excluded.lease_until,
          claimed_at = case when k.expires_at <= v_now then excluded.claimed_at else k.claimed_at end,
          expires_at = excluded.expires_at,
          status = null, headers = null, body = null, is_secret = false
        where coalesce(k.lease_until <= v_now, true) and (
            k.expires_at <= v_now or (k.status is null and k.fingerprint = excluded.fingerprint)
          )
          or excluded.lease_until is null and k.status is null and k.fingerprint = excluded.fingerprint
        returning k.tenant_id, k.token, k.epoch, k.claimed_at
      )
      select given.place::integer,
        case
          when claimed.epoch is not null then 'claimed'
          when known.expires_at > v_now and known.fingerprint <> given.fingerprint then 'reused'
          when known.expires_at > v_now and known.status is not null then 'answered'
          else 'in_progress'
        end,
        claimed.epoch, claimed.claimed_at, coalesce(known.expires_at > v_now, false),
        greatest(0, (extract(epoch from known.lease_until - v_now) * 1000)::bigint),
        known.status, known.headers, known.body, known.is_secret
      from given
      left join claimed using (tenant_id, token)
      -- As it was before this statement.
      left join idempotency_keys known on known.tenant_id = given.tenant_id and known.token = given.token;
    end
    $claim$
  `.execute(db);
}

/**
 * Ends or prolongs a claim, in one round trip; false when it was lost, and then nothing is changed.
 * `answered` keeps the answer, `bound` the key for its request alone, `forgotten` nothing; `prolonged`
 * is the lease.
 */
export async function createEndFunction(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function end_idempotency_claim(
      p_role text, p_tenants text, p_now timestamptz, p_tenant_id text, p_token text, p_epoch bigint,
      p_end text, p_lease_ms integer, p_keep_ms bigint, p_status smallint, p_headers jsonb, p_body text,
      p_is_secret boolean
    ) returns boolean language plpgsql as $end$
    declare
      v_now timestamptz := coalesce(p_now, clock_timestamp());
    begin
      perform set_config('role', p_role, true), set_config('orrery.tenants', p_tenants, true);
      case p_end
        when 'answered' then
          update idempotency_keys set status = p_status, headers = p_headers, body = p_body,
            is_secret = p_is_secret, lease_until = null,
            expires_at = v_now + p_keep_ms * interval '1 millisecond'
          where tenant_id = p_tenant_id and token = p_token and epoch = p_epoch and status is null;
        when 'bound' then
          update idempotency_keys set lease_until = null
          where tenant_id = p_tenant_id and token = p_token and epoch = p_epoch and status is null;
        when 'forgotten' then
          delete from idempotency_keys
          where tenant_id = p_tenant_id and token = p_token and epoch = p_epoch and status is null;
        when 'prolonged' then
          update idempotency_keys set lease_until = v_now + p_lease_ms * interval '1 millisecond'
          where tenant_id = p_tenant_id and token = p_token and epoch = p_epoch and status is null
            and lease_until is not null;
      end case;
      return found;
    end
    $end$
  `.execute(db);
}
