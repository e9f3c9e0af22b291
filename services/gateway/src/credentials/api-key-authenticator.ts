import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import type {
  ApiKey,
  ApiKeyRepository,
} from "@orrery/common/repositories/api-key/api-key-repository";
import { isDatabaseUnavailable } from "@orrery/common/repositories/postgres-error";
import { isSecretOf, parseApiKey } from "./api-key.ts";
import { type Grant, unauthenticated } from "./grant.ts";
import { RecentMap } from "./recent-map.ts";
import type { RevocationWatch } from "./revocation-watch.ts";

interface ApiKeyAuthenticatorOptions {
  keys: Pick<ApiKeyRepository, "findById">;
  revocations: Pick<RevocationWatch, "assertFresh" | "isRevoked">;
  clock: Clock;
  /** Told of a key that was believed: of one in use about once in a minute. */
  onUsed?: (keyId: string, atMs: number) => void;
  /** Keys remembered at most. */
  capacity?: number;
}

interface KnownKey {
  readonly key: ApiKey;
  readonly grant: Grant;
  readonly readAtMs: number;
}

const CAPACITY = 10_000;
/** Read again after this: a row that was changed by hand is not believed for ever. */
const KNOWN_FOR_MS = 60_000;

/** Says what an API key allows; a key that was used before is not looked up again. */
export class ApiKeyAuthenticator {
  readonly #options: ApiKeyAuthenticatorOptions;
  readonly #known: RecentMap<KnownKey>;

  constructor(options: ApiKeyAuthenticatorOptions) {
    this.#options = options;
    this.#known = new RecentMap(options.capacity ?? CAPACITY);
  }

  /** @throws {ProblemError} unauthenticated; service_unavailable when that cannot be known now */
  async authenticate(text: string): Promise<Grant> {
    const { revocations, clock, onUsed } = this.#options;
    const parsed = parseApiKey(text);
    if (parsed === undefined) throw refused();
    revocations.assertFresh();
    const nowMs = clock();
    const known = this.#known.get(parsed.id);
    const isKnown = known !== undefined && nowMs - known.readAtMs < KNOWN_FOR_MS;
    const key = isKnown ? known.key : await this.#find(parsed.id);
    if (key === undefined || !isSecretOf(parsed.secret, key.secretHash)) throw refused();
    const isOver = key.expiresAt !== undefined && key.expiresAt.getTime() <= nowMs;
    const isRevoked = key.revokedAt !== undefined || revocations.isRevoked(key.id);
    if (key.environment !== parsed.environment || isOver || isRevoked) throw refused();
    if (isKnown) return known.grant;
    const grant = grantOf(key);
    // Remembered only now: guesses cannot push out keys that are in use.
    this.#known.set(key.id, { key, grant, readAtMs: nowMs });
    onUsed?.(key.id, nowMs);
    return grant;
  }

  forget(keyId: string): void {
    this.#known.delete(keyId);
  }

  async #find(keyId: string): Promise<ApiKey | undefined> {
    try {
      return await this.#options.keys.findById(keyId);
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      throw new ProblemError("service_unavailable", "API keys cannot be verified now.", {
        headers: { "retry-after": "1" },
        cause: error,
      });
    }
  }
}

function grantOf(key: ApiKey): Grant {
  return {
    principal: `key:${key.id}`,
    tenantIds: [key.tenantId],
    defaultTenantId: key.tenantId,
    scopes: key.scopes,
    expiresAtMs: key.expiresAt?.getTime(),
  };
}

function refused() {
  return unauthenticated("The API key is not valid.");
}
