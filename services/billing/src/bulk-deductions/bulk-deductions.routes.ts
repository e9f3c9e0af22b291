import { MAX_WAIT_SECONDS } from "@orrery/common/contracts/operations";
import { answerFromState } from "@orrery/common/http/idempotency/effect-of";
import { routeOf } from "@orrery/common/http/operation-route";
import { pathOf, problemDocument, toProblemError } from "@orrery/common/http/problem";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { validatorCompiler } from "@orrery/common/http/validation";
import { waitPreferenceOf } from "../deductions/deduction.ts";
import type { DeductionMetrics } from "../deductions/deduction-metrics.ts";
import type { DeductionService } from "../deductions/deduction-service.ts";
import { BulkBody, BulkEnvelope, BulkReply } from "./bulk-deductions.schemas.ts";
import { readEntry, requestIdOf } from "./bulk-entry.ts";
import { type BulkResult, outcomeResult, problemResult } from "./bulk-result.ts";

interface BulkDeductionRoutesOptions {
  deductions: DeductionService;
  metrics: DeductionMetrics;
}

/**
 * Many deductions in one call, each as if it had been sent alone and all at once: the entries are
 * accepted together, wait together, and none can fail its neighbours.
 */
export function registerBulkDeductionRoutes(
  app: ServiceApp,
  { deductions, metrics }: BulkDeductionRoutesOptions,
): void {
  const bulk = routeOf("deductBulk", { waitMs: MAX_WAIT_SECONDS * 1_000 });
  app.route({
    ...bulk,
    schema: { body: BulkBody, response: { 200: BulkReply } },
    // The schema documents the entries; what is wrong with one of them is that entry's own result.
    validatorCompiler: (part) => validatorCompiler({ ...part, schema: BulkEnvelope }),
    onResponse: async (_request, reply) => {
      metrics.observe(bulk.url, reply.statusCode, reply.elapsedTime / 1_000);
    },
    handler: async (request, reply) => {
      const { waitMs, applied } = waitPreferenceOf(request.headers["prefer"]);
      if (applied !== undefined) reply.header("preference-applied", applied);
      const entries: readonly unknown[] = request.body.entries;
      const results = await Promise.all(
        entries.map((entry, index) => deductEntry(request, deductions, { entry, index, waitMs })),
      );
      // What is pending will be decided, and what was refused may be tried again.
      if (results.some(({ status }) => status !== "confirmed")) answerFromState(request);
      return { results };
    },
  });
}

/** What an entry needs of the call that it came with. */
interface BulkCall {
  readonly id: string;
  readonly url: string;
  readonly context: { readonly tenantId: string };
  readonly log: { error(fields: object, message: string): void };
}

async function deductEntry(
  call: BulkCall,
  deductions: DeductionService,
  { entry, index, waitMs }: { entry: unknown; index: number; waitMs: number },
): Promise<BulkResult> {
  try {
    const deduction = readEntry(entry, index);
    return outcomeResult(await deductions.deduct(call.context.tenantId, deduction, waitMs));
  } catch (thrown) {
    const error = toProblemError(thrown);
    if (error.status >= 500) call.log.error({ err: error, code: error.code }, "entry failed");
    const problem = problemDocument(error, pathOf(call.url), call.id);
    return problemResult(requestIdOf(entry), error, problem);
  }
}
