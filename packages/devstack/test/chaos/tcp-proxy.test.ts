import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { TcpProxy } from "./tcp-proxy.ts";

describe("TcpProxy", () => {
  const echo = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.pipe(socket);
  });
  let proxy: TcpProxy;
  beforeAll(async () => {
    echo.listen(0, "127.0.0.1");
    await once(echo, "listening");
    proxy = await TcpProxy.start((echo.address() as AddressInfo).port);
  });
  afterAll(async () => {
    await proxy.close();
    echo.close();
  });
  beforeEach(() => proxy.heal());

  const open = async () => {
    const socket = connect(proxy.port, "127.0.0.1");
    await once(socket, "connect");
    return socket;
  };
  const ask = async (socket: Socket, text: string) => {
    socket.write(text);
    const [answer] = (await once(socket, "data")) as [Buffer];
    return answer.toString();
  };

  it("passes bytes on, both ways, in order, also when it is slow", async () => {
    const socket = await open();
    expect(await ask(socket, "one")).toBe("one");
    proxy.slow(30);
    const beforeMs = performance.now();
    expect(await ask(socket, "two")).toBe("two");
    expect(performance.now() - beforeMs).toBeGreaterThan(50);
    socket.destroy();
  });

  it("resets what stands when it is cut, and what comes", async () => {
    const socket = await open();
    expect(await ask(socket, "one")).toBe("one");
    const broken = once(socket, "error");
    proxy.cut();
    expect((await broken)[0]).toMatchObject({ code: "ECONNRESET" });
    const next = connect(proxy.port, "127.0.0.1");
    next.on("error", () => undefined);
    await new Promise<void>((resolve) => {
      next.once("close", () => resolve());
    });
    expect(next.bytesRead).toBe(0);
  });

  it("lets connections stand without a byte when it is half-open, and goes on afterwards", async () => {
    const socket = await open();
    expect(await ask(socket, "one")).toBe("one");
    proxy.halfOpen();
    const late = await open();
    const answers = Promise.all([ask(socket, "two"), ask(late, "three")]);
    let isAnswered = false;
    void answers.then(() => {
      isAnswered = true;
    });
    // A connection of its own shows that this much time is enough for an answer.
    const direct = connect((echo.address() as AddressInfo).port, "127.0.0.1");
    expect(await ask(direct, "now")).toBe("now");
    expect(isAnswered).toBe(false);
    proxy.heal();
    expect(await answers).toEqual(["two", "three"]);
    for (const one of [socket, late, direct]) one.destroy();
  });
});
