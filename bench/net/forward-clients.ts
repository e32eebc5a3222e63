// Pairs that send each other messages of 380 bytes, so many under way at a time.
import { setTimeout as wait } from "node:timers/promises";
import type { Kind } from "./child.js";
import { dial } from "./dial.js";

const [kind, port, pairs, window, seconds] = process.argv.slice(2);
const message = Buffer.from(`<message><body>${"x".repeat(380 - 32)}</body></message>`);
const batches = Array.from({ length: Number(window) + 1 }, (_, size) => Buffer.concat(Array(size).fill(message)));
let received = 0;

async function pair(name: string): Promise<void> {
  const romeo = await dial(kind as Kind, Number(port));
  const juliet = await dial(kind as Kind, Number(port));
  romeo.write(Buffer.from(name));
  await new Promise<void>((resolve) => {
    juliet.onBytes((bytes) => (bytes.length === 3 ? resolve() : undefined));
    setTimeout(() => juliet.write(Buffer.from(name)), 100); // after romeo's
  });
  let bytesLeft = 0;
  juliet.onBytes((bytes) => {
    bytesLeft += bytes.length;
    const whole = Math.floor(bytesLeft / message.length);
    bytesLeft -= whole * message.length;
    received += whole;
    if (whole > 0) send(romeo, whole);
  });
  send(romeo, Number(window));
}

function send(to: { write(bytes: Buffer): void }, count: number): void {
  if (kind !== "websocket") return to.write(batches[count] ?? message);
  for (let sent = 0; sent < count; sent++) to.write(message);
}

await Promise.all(Array.from({ length: Number(pairs) }, (_, index) => pair(String(index).padStart(4, "0"))));
await wait(500);
for (;;) {
  received = 0;
  process.send?.({ started: true });
  await wait(Number(seconds) * 1_000);
  process.send?.({ received });
  await wait(50);
}
