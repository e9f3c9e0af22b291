import type { FastifyRequest } from "fastify";
import type { AdminToken } from "../credentials/admin-token.ts";
import type { ApiKeyAuthenticator } from "../credentials/api-key-authenticator.ts";
import { credentialOf } from "../credentials/credential.ts";
import { type Grant, unauthenticated } from "../credentials/grant.ts";
import type { JwtVerifier } from "../credentials/jwt-verifier.ts";
import { grantOfTrustedHeader } from "../tenants/header-trust.ts";

interface AuthenticatorOptions {
  apiKeys: Pick<ApiKeyAuthenticator, "authenticate">;
  adminToken: AdminToken;
  /** Undefined: JWTs are off. */
  jwt: Pick<JwtVerifier, "verify"> | undefined;
  isTenantHeaderTrusted: boolean;
}

export const TENANT_HEADER = "x-tenant-id";

/** Says what a request's credential allows: the one place where credentials are told apart. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /** @throws {ProblemError} unauthenticated, invalid_tenant_id, service_unavailable */
  async authenticate({ raw, headers }: FastifyRequest): Promise<Grant> {
    const { apiKeys, adminToken, jwt, isTenantHeaderTrusted } = this.#options;
    const credential = credentialOf(raw.rawHeaders);
    switch (credential.kind) {
      case "api_key":
        return apiKeys.authenticate(credential.text);
      case "bearer": {
        const admin = adminToken.authenticate(credential.token);
        if (admin !== undefined) return admin;
        if (jwt === undefined) throw unauthenticated("The token is not valid.");
        return jwt.verify(credential.token);
      }
      case "none":
        if (isTenantHeaderTrusted) return grantOfTrustedHeader(headers[TENANT_HEADER]);
        throw unauthenticated("Send an API key in X-API-Key, or a bearer token.", false);
    }
  }
}
