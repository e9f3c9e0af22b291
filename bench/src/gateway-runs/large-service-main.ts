import { createServer } from "node:http";
import { LARGE_BYTES } from "./large-bodies.ts";

// A service that takes a body and says how large it was, and gives one away.

const CHUNK = Buffer.alloc(64 * 1_024, "orrery");

const server = createServer((request, response) => {
  if (request.method === "PUT") {
    let receivedBytes = 0;
    request.on("data", (chunk: Buffer) => {
      receivedBytes += chunk.length;
    });
    request.on("end", () => response.end(JSON.stringify({ receivedBytes })));
    return;
  }
  if (request.url?.endsWith("/large") !== true) {
    response.end("{}");
    return;
  }
  response.setHeader("content-length", LARGE_BYTES);
  let leftBytes = LARGE_BYTES;
  const more = () => {
    while (leftBytes > 0) {
      const chunk = leftBytes < CHUNK.length ? CHUNK.subarray(0, leftBytes) : CHUNK;
      leftBytes -= chunk.length;
      if (!response.write(chunk)) return void response.once("drain", more);
    }
    response.end();
  };
  more();
});
server.listen(Number(process.env.SERVICE_PORT), "127.0.0.1");
