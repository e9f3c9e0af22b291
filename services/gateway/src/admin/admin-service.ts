import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import { uuidv7 } from "@orrery/common/contracts/id";
import type { Scope } from "@orrery/common/contracts/scope";
import type {
  ApiKey,
  ApiKeyPage,
  ApiKeyRepository,
} from "@orrery/common/repositories/api-key/api-key-repository";
import type { Effect } from "@orrery/common/repositories/idempotency/effect";
import type {
  Tenant,
  TenantPage,
  TenantRepository,
} from "@orrery/common/repositories/tenant/tenant-repository";
import { generateApiKey, hashSecret } from "../credentials/api-key.ts";

interface AdminServiceOptions {
  tenants: TenantRepository;
  keys: ApiKeyRepository;
  clock: Clock;
  /** The `<env>` of new keys. */
  keyEnvironment: string;
  /** Called once a key of this deployment is revoked. */
  onRevoked: (keyId: string) => void;
}

interface Page {
  readonly limit: number;
  readonly afterId: string | undefined;
}

/** Tenants and their API keys. */
export class AdminService {
  readonly #options: AdminServiceOptions;

  constructor(options: AdminServiceOptions) {
    this.#options = options;
  }

  /** @throws {ProblemError} tenant_exists */
  async createTenant(
    tenant: { id: string; name: string },
    effect?: Effect<Tenant>,
  ): Promise<Tenant> {
    return this.#options.tenants.create(tenant, this.#now(), effect);
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
    tenantId: string,
    wanted: { name: string; scopes: readonly Scope[]; expiresAt?: string | undefined },
    effect?: Effect<ApiKey>,
  ): Promise<{ key: ApiKey; text: string }> {
    const { keys, keyEnvironment } = this.#options;
    const now = this.#now();
    const expiresAt =
      wanted.expiresAt === undefined ? undefined : readExpiry(wanted.expiresAt, now);
    const { id, secret, text } = generateApiKey(keyEnvironment, uuidv7(now.getTime()));
    const key = await keys.create(
      tenantId,
      {
        id,
        name: wanted.name,
        environment: keyEnvironment,
        secretHash: hashSecret(secret),
        scopes: wanted.scopes,
        expiresAt,
      },
      now,
      effect,
    );
    return { key, text };
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
  async revokeKey(tenantId: string, keyId: string): Promise<void> {
    const key = await this.#options.keys.revoke(tenantId, keyId);
    if (key === undefined) {
      throw new ProblemError("api_key_not_found", "The tenant has no API key with this id.");
    }
    this.#options.onRevoked(key.id);
  }

  #now(): Date {
    return new Date(this.#options.clock());
  }
}

/** Postgres and Date agree on years up to here. */
const LATEST = new Date("9999-12-31T23:59:59.999Z");

/** `text` has the shape of an RFC 3339 time; whether there is such a time is found out here. */
function readExpiry(text: string, now: Date): Date {
  const expiresAt = new Date(text);
  // Date would read the 30th of February as a day in March.
  const day = text.slice(0, "2000-01-01".length);
  const midnight = new Date(`${day}T00:00:00Z`);
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  if (isDay && expiresAt > now && expiresAt <= LATEST) return expiresAt;
  throw new ProblemError("invalid_request", "The body is not valid.", {
    errors: [{ pointer: "#/expiresAt", detail: "must be a time in the future" }],
  });
}
