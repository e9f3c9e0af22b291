import { isUuid } from "@orrery/common/contracts/id";
import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { ActPageReply, PageQuery } from "./admin.schemas.ts";
import { actReply, pageReply } from "./admin-reply.ts";
import { afterIdOf } from "./admin-request.ts";
import type { AuditService } from "./audit-service.ts";

/** The list of what administrators did, newest first. */
export function registerAuditRoutes(app: ServiceApp, audit: AuditService): void {
  app.route({
    ...routeOf("listAdminAudit"),
    schema: { querystring: PageQuery, response: { 200: ActPageReply } },
    handler: async (request) => {
      const { limit, cursor } = request.query;
      const page = await audit.list({ limit, beforeId: afterIdOf(cursor, isUuid) });
      return pageReply(limit, { ...page, items: page.acts }, actReply);
    },
  });
}
