import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * `drop`: the connection is cut instead of an answer. `cut`: in the middle of one, after its headers;
 * `stall`: no more comes from there on.
 */
export type ScriptedAnswer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | "drop"
  | "cut"
  | "stall";

export interface ScriptedServer {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** What is answered from now on, in turn; the last one again and again. */
  script(...answers: ScriptedAnswer[]): void;
  close(): Promise<void>;
}

/** A real HTTP server that answers what the test says. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  let script: ScriptedAnswer[] = [];
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = "", url = "", headers } = request;
      requests.push({ method, url, headers, body });
      const answer = script.length > 1 ? script.shift() : script[0];
      send(answer ?? { status: 500 }, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    script: (...answers) => {
      script = answers;
      requests.length = 0;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function send(answer: ScriptedAnswer, response: ServerResponse): void {
  if (answer === "drop") {
    response.destroy();
    return;
  }
  if (answer === "cut" || answer === "stall") {
    response.writeHead(200, { "content-type": "application/json" });
    response.write('{"half":', () => {
      if (answer === "cut") response.destroy();
    });
    return;
  }
  const { status, headers = {}, body } = answer;
  const type = status >= 400 ? "application/problem+json" : "application/json";
  response.writeHead(status, { "content-type": type, ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

export function problem(status: number, code: string): { status: number; body: object } {
  const type = `urn:orrery:problem:${code}`;
  const body = { type, title: code, status, detail: "no", instance: "/", code, requestId: "r-1" };
  return { status, body };
}
