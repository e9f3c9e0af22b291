import httpProxy from "@fastify/http-proxy";
import Fastify from "fastify";

// The rival: @fastify/http-proxy in front of one service, and nothing else.

const { PROXY_PORT, UPSTREAM_URL = "" } = process.env;
const app = Fastify();
await app.register(httpProxy, { upstream: UPSTREAM_URL, undici: { connections: 256 } });
await app.listen({ host: "127.0.0.1", port: Number(PROXY_PORT) });
