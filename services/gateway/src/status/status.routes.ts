import type { FastifyInstance } from "fastify";
import { PAGE_POLICY } from "../browsers/page-policy.ts";
import { ServedFile } from "../browsers/served-file.ts";
import type { RecentErrors } from "./recent-errors.ts";
import { STATUS_PAGE, STATUS_SCRIPT, STATUS_STYLE } from "./status-page.ts";
import type { StatusService } from "./status-service.ts";

/** `/status`: a page for people that needs no other tool; outside the versions, without a credential. */
export function registerStatusRoutes(app: FastifyInstance, status: StatusService): void {
  const page = new ServedFile("text/html; charset=utf-8", Buffer.from(STATUS_PAGE));
  const style = new ServedFile("text/css; charset=utf-8", Buffer.from(STATUS_STYLE));
  const script = new ServedFile("text/javascript; charset=utf-8", Buffer.from(STATUS_SCRIPT));
  app.get("/status", (request, reply) =>
    page.send(request, reply, { "content-security-policy": PAGE_POLICY }),
  );
  app.get("/status/page.css", (request, reply) => style.send(request, reply));
  app.get("/status/page.js", (request, reply) => script.send(request, reply));
  // An open page asks every two seconds: not a line in the log each time.
  app.get("/status/data", { logLevel: "warn" }, async (_request, reply) =>
    reply.header("cache-control", "no-store").send(await status.report()),
  );
}

/** Keeps what this gateway could not serve, whoever failed: itself or a service behind it. */
export function noteErrors(app: FastifyInstance, errors: RecentErrors): void {
  app.addHook("onResponse", (request, reply, done) => {
    const status = reply.raw.statusCode;
    if (status >= 500) {
      errors.note({
        at: new Date().toISOString(),
        method: request.method,
        route: request.routeOptions.url ?? "unknown",
        status,
      });
    }
    done();
  });
}
