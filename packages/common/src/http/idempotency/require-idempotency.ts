import type { FastifyInstance, RouteOptions } from "fastify";
import "../operation-route.ts";
import "./idempotency-rule.ts";

/**
 * Makes a service refuse to start with a POST of its own that `idempotencyPlugin` does not guard: a
 * route that was registered before it, or beside it.
 */
export function requireIdempotency(app: FastifyInstance, service: string): void {
  const posts: RouteOptions[] = [];
  app.addHook("onRoute", (route) => {
    const isOwn = route.config?.operation?.service === service;
    if (isOwn && route.method === "POST") posts.push(route);
  });
  app.addHook("onReady", async () => {
    const unguarded = posts.filter(({ config }) => config?.honoursKeys !== true);
    if (unguarded.length === 0) return;
    const urls = unguarded.map(({ url }) => `POST ${url}`).join(", ");
    throw new Error(`${urls} would not honour an Idempotency-Key`);
  });
}
