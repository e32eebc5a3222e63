// A port of loopback that swallows connections: nobody answers, neither yes nor no, as behind a firewall.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { Worker } from "node:worker_threads";

/** It listens and never accepts: once its short queue is full, the kernel drops what comes. */
const listener = `
  const { createServer } = require("node:net");
  const { parentPort } = require("node:worker_threads");
  const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => { for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100); });
  });`;

/** Resolves with the port. */
export async function digBlackHole(test: Pick<TestContext, "after">): Promise<number> {
  const worker = new Worker(listener, { eval: true });
  const [port] = (await once(worker, "message")) as [number];
  const fillers: Socket[] = [];
  test.after(async () => {
    for (const socket of fillers) socket.destroy();
    await worker.terminate();
  });
  for (let count = 0; count < 8; count += 1) fillers.push(connect(port, "127.0.0.1").on("error", () => undefined));
  await Promise.race(fillers.map((socket) => once(socket, "connect")));
  return port;
}
