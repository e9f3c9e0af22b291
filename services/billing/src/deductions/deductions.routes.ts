import { routeOf } from "@orrery/common/http/operation-route";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { deductionRequestOf } from "./deduct-body.ts";
import { waitPreferenceOf } from "./deduction.ts";
import type { DeductionMetrics } from "./deduction-metrics.ts";
import { chargedReply, pendingReply, requestLocation, requestReply } from "./deduction-reply.ts";
import type { DeductionService } from "./deduction-service.ts";
import {
  ChargedReply,
  DeductBody,
  PendingReply,
  RequestParams,
  RequestReply,
} from "./deductions.schemas.ts";

interface DeductionRoutesOptions {
  deductions: DeductionService;
  metrics: DeductionMetrics;
}

export function registerDeductionRoutes(
  app: ServiceApp,
  { deductions, metrics }: DeductionRoutesOptions,
): void {
  // The requestId decides what is a repeat.
  const deduct = routeOf("deduct", { effect: "detect" });
  app.route({
    ...deduct,
    schema: {
      body: DeductBody,
      response: { 200: ChargedReply, 201: ChargedReply, 202: PendingReply },
    },
    onResponse: async (_request, reply) => {
      metrics.observe(deduct.url, reply.statusCode, reply.elapsedTime / 1_000);
    },
    handler: async (request, reply) => {
      const { tenantId } = request.context;
      const { waitMs, applied } = waitPreferenceOf(request.headers["prefer"]);
      if (applied !== undefined) reply.header("preference-applied", applied);
      const outcome = await deductions.deduct(tenantId, deductionRequestOf(request.body), waitMs);
      switch (outcome.status) {
        case "charged":
          return reply.code(201).send(chargedReply(outcome.event, false));
        case "already_charged":
          return reply.code(200).send(chargedReply(outcome.event, true));
        case "pending":
        case "reserved":
          return reply
            .code(202)
            .headers({ location: requestLocation(outcome.event.requestId), "retry-after": "1" })
            .send(pendingReply(outcome.event));
      }
    },
  });

  app.route({
    ...routeOf("getRequest"),
    schema: { params: RequestParams, response: { 200: RequestReply } },
    handler: async (request) => {
      const { event, history } = await deductions.get(
        request.context.tenantId,
        request.params.requestId,
      );
      return requestReply(event, history);
    },
  });
}
