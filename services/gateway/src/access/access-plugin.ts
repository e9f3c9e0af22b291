import { ProblemError } from "@orrery/common/contracts/errors";
import { type Operation, SIGNED_LINK } from "@orrery/common/contracts/operations";
import type { RequestContext } from "@orrery/common/contracts/request-context";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import type { Grant } from "../credentials/grant.ts";
import { limitGroupOf } from "../limits/limit.ts";
import { resolveTenant } from "../tenants/tenant-resolution.ts";
import { type Authenticator, TENANT_HEADER } from "./authenticator.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** What the request's credential allows; set before any handler of a route that wants one. */
    grant: Grant;
  }
}

interface AccessOptions {
  authenticator: Pick<Authenticator, "authenticate">;
}

/**
 * Makes every route of the encapsulating scope want a credential with the scope that the operations
 * table names, resolves the tenant into `request.context`, and counts the request in its limit. Where
 * the link is the credential nothing is asked for, and the address is counted.
 * @throws {ProblemError} unauthenticated, insufficient_scope, tenant_required, tenant_forbidden,
 *   invalid_tenant_id, rate_limited
 */
export const accessPlugin = fp<AccessOptions>(
  async (app: FastifyInstance, { authenticator }) => {
    app.decorateRequest("grant");
    app.addHook("onRoute", (route) => {
      if (route.config?.operation === undefined) {
        throw new Error(`${String(route.method)} ${route.url} is not in the operations table`);
      }
    });
    app.addHook("onRequest", async (request, reply) => {
      const { operation } = request.routeOptions.config;
      if (operation === undefined) return;
      if (operation.scope === SIGNED_LINK) {
        await app.limits.count("signed-link", request, reply);
        return;
      }
      const grant = await authenticate(request, reply);
      assertScope(grant, operation);
      request.grant = grant;
      // Administration acts for the platform, which is no tenant.
      if (operation.scope !== "admin") request.context = contextOf(grant, request);
      const group = limitGroupOf(operation);
      if (group !== undefined) await app.limits.count(group, request, reply);
    });

    async function authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Grant> {
      await app.limits.assertMayTry(request, reply);
      try {
        return await authenticator.authenticate(request);
      } catch (error) {
        if (error instanceof ProblemError && error.code === "unauthenticated") {
          await app.limits.countFailure(request, reply);
        }
        throw error;
      }
    }
  },
  { name: "gateway-access", fastify: "5.x", dependencies: ["gateway-limits"] },
);

function assertScope({ scopes }: Grant, { scope }: Operation): void {
  if (scope === SIGNED_LINK || scopes.includes(scope)) return;
  throw new ProblemError("insufficient_scope", `This call needs the scope ${scope}.`, {
    headers: {
      "www-authenticate": `Bearer realm="orrery", error="insufficient_scope", scope="${scope}"`,
    },
  });
}

function contextOf(grant: Grant, request: FastifyRequest): RequestContext {
  const tenantId = resolveTenant(grant, request.headers[TENANT_HEADER]);
  return { tenantId, principal: grant.principal, scopes: grant.scopes };
}
