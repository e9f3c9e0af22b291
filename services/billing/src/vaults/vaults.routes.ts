import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import type { Static } from "typebox";
import type { VaultService } from "./vault-service.ts";
import { PutVaultBody, VaultParams, VaultReply } from "./vaults.schemas.ts";

export function registerVaultRoutes(app: ServiceApp, vaults: VaultService): void {
  app.route({
    ...routeOf("putVault"),
    schema: {
      params: VaultParams,
      body: PutVaultBody,
      response: { 200: VaultReply, 201: VaultReply },
    },
    handler: async (request, reply) => {
      const { userId } = request.params;
      const { contractId } = request.body;
      const { vault, isNew } = await vaults.put(request.context.tenantId, { userId, contractId });
      return reply.code(isNew ? 201 : 200).send(vaultReply(vault));
    },
  });

  app.route({
    ...routeOf("getVault"),
    schema: { params: VaultParams, response: { 200: VaultReply } },
    handler: async (request) =>
      vaultReply(await vaults.get(request.context.tenantId, request.params.userId)),
  });
}

function vaultReply({
  userId,
  contractId,
  createdAt,
  updatedAt,
}: Awaited<ReturnType<VaultService["get"]>>): Static<typeof VaultReply> {
  return {
    userId,
    contractId,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
