// The one connection from a bare router to another: frames of a target's number, a length, and what is for the target.
import type { Socket } from "node:net";

const HEADER_BYTES = 6;

/** Sends by `socket` what belongs to targets of the other router: one write in each turn of the event loop. */
export function sender(socket: Socket): (target: string, chunk: Buffer) => void {
  let isCorked = false;
  const flush = () => {
    isCorked = false;
    socket.uncork();
  };
  return (target, chunk) => {
    if (!isCorked) setImmediate(flush);
    if (!isCorked) socket.cork();
    isCorked = true;
    socket.write(header(target, chunk.length));
    socket.write(chunk);
  };
}

function header(target: string, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES);
  bytes.writeUInt16BE(Number(target));
  bytes.writeUInt32BE(length, 2);
  return bytes;
}

/** Hands out what arrives in whole frames. */
export function receive(socket: Socket, deliver: (target: string, chunk: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const end = at + HEADER_BYTES + bytes.readUInt32BE(at + 2);
      if (end > bytes.length) break;
      deliver(String(bytes.readUInt16BE(at)), bytes.subarray(at + HEADER_BYTES, end));
      at = end;
    }
    rest = bytes.subarray(at);
  });
}
