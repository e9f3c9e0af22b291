import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import { uuidv7 } from "@orrery/common/contracts/id";
import type { Scope } from "@orrery/common/contracts/scope";
import type {
  ApiKey,
  ApiKeyPage,
  ApiKeyRepository,
  RolledKey,
} from "@orrery/common/repositories/api-key/api-key-repository";
import type { Effect } from "@orrery/common/repositories/idempotency/effect";
import type {
  Tenant,
  TenantPage,
  TenantRepository,
} from "@orrery/common/repositories/tenant/tenant-repository";
import { generateApiKey, hashSecret } from "../credentials/api-key.ts";
import { type AdminCall, actOf } from "./admin-call.ts";
import { readExpiry } from "./expiry.ts";

interface AdminServiceOptions {
  tenants: TenantRepository;
  keys: ApiKeyRepository;
  clock: Clock;
  /** The `<env>` of new keys. */
  keyEnvironment: string;
  /** Called once a key of this deployment is revoked. */
  onRevoked: (keyId: string) => void;
  /** Called once a key of this deployment is rolled. */
  onRolled: (keyId: string) => void;
}

interface Page {
  readonly limit: number;
  readonly afterId: string | undefined;
}

interface NewKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: string | undefined;
}

interface WantedRoll {
  readonly overlapSeconds?: number | undefined;
  readonly expiresAt?: string | undefined;
}

/** Long enough to bring a new key to where the old one is, without hurrying anybody. */
const DEFAULT_OVERLAP_SECONDS = 86_400;

/** Tenants and their API keys. */
export class AdminService {
  readonly #options: AdminServiceOptions;

  constructor(options: AdminServiceOptions) {
    this.#options = options;
  }

  /** @throws {ProblemError} tenant_exists */
  async createTenant(
    call: AdminCall,
    tenant: { id: string; name: string },
    effect?: Effect<Tenant>,
  ): Promise<Tenant> {
    const now = this.#now();
    const { id: tenantId, name } = tenant;
    const about = {
      action: "createTenant",
      tenantId,
      subject: tenantId,
      details: { name },
    } as const;
    return this.#options.tenants.create(tenant, now, { act: actOf(call, about, now), effect });
  }

  async listTenants(page: Page): Promise<TenantPage> {
    return this.#options.tenants.list(page);
  }

  /** @throws {ProblemError} tenant_not_found */
  async getTenant(tenantId: string): Promise<Tenant> {
    const tenant = await this.#options.tenants.find(tenantId);
    if (tenant === undefined) {
      throw new ProblemError("tenant_not_found", "There is no tenant with this id.");
    }
    return tenant;
  }

  /**
   * Makes a key; `text` is the only copy of its secret there will ever be.
   * @throws {ProblemError} tenant_not_found; invalid_request when `expiresAt` is not ahead
   */
  async createKey(
    call: AdminCall,
    tenantId: string,
    wanted: NewKey,
    effect?: Effect<ApiKey>,
  ): Promise<{ key: ApiKey; text: string }> {
    const { keys } = this.#options;
    const { name, scopes } = wanted;
    const now = this.#now();
    const expiresAt = readExpiry(wanted.expiresAt, now);
    const { text, ...secret } = this.#newSecret(now);
    const details = { name, scopes, expiresAt };
    const about = { action: "createApiKey", tenantId, subject: secret.id, details } as const;
    const key = await keys.create(tenantId, { ...secret, name, scopes, expiresAt }, now, {
      act: actOf(call, about, now),
      effect,
    });
    return { key, text };
  }

  /**
   * Makes a key that takes the place of another, which goes on for `overlapSeconds`; with 0 it is
   * revoked. `text` is the only copy of the new key's secret.
   * @throws {ProblemError} api_key_not_found, api_key_inactive; invalid_request when `expiresAt` is
   *   not ahead
   */
  async rollKey(
    call: AdminCall,
    tenantId: string,
    keyId: string,
    { overlapSeconds = DEFAULT_OVERLAP_SECONDS, ...wanted }: WantedRoll,
    effect?: Effect<RolledKey>,
  ): Promise<RolledKey & { text: string }> {
    const { keys, onRevoked, onRolled } = this.#options;
    const now = this.#now();
    const expiresAt = readExpiry(wanted.expiresAt, now);
    const { text, ...secret } = this.#newSecret(now);
    const details = { successorId: secret.id, overlapSeconds, expiresAt };
    const about = { action: "rollApiKey", tenantId, subject: keyId, details } as const;
    const roll = { ...secret, expiresAt, overlapMs: overlapSeconds * 1_000 };
    const act = actOf(call, about, now);
    const rolled = await keys.roll(tenantId, keyId, roll, now, { act, effect });
    onRolled(keyId);
    if (rolled.predecessor.revokedAt !== undefined) onRevoked(keyId);
    return { ...rolled, text };
  }

  /** @throws {ProblemError} tenant_not_found */
  async listKeys(tenantId: string, page: Page): Promise<ApiKeyPage> {
    await this.getTenant(tenantId);
    return this.#options.keys.list(tenantId, page);
  }

  /**
   * In force here at once, and on every instance within a second; again changes nothing.
   * @throws {ProblemError} api_key_not_found
   */
  async revokeKey(call: AdminCall, tenantId: string, keyId: string): Promise<void> {
    const about = { action: "revokeApiKey", tenantId, subject: keyId, details: {} } as const;
    const act = actOf(call, about, this.#now());
    const key = await this.#options.keys.revoke(tenantId, keyId, { act });
    if (key === undefined) {
      throw new ProblemError("api_key_not_found", "The tenant has no API key with this id.");
    }
    this.#options.onRevoked(key.id);
  }

  #newSecret(now: Date) {
    const { keyEnvironment: environment } = this.#options;
    const { id, secret, text } = generateApiKey(environment, uuidv7(now.getTime()));
    return { id, environment, secretHash: hashSecret(secret), text };
  }

  #now(): Date {
    return new Date(this.#options.clock());
  }
}
