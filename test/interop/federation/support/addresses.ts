// Loopback addresses for one test process: servers of different processes never meet, though all use the usual ports.
import { createServer, type Server } from "node:net";

/** Blocks 127.64.0.0/24 to 127.127.255.0/24. */
const BLOCKS = 64 * 256;
/** The last address of a block; whoever listens there owns the block. */
const CLAIM = { host: 254, port: 5269 };

let claimed: { readonly block: number; given: number } | undefined;

/** An address that nobody else on this machine is given, such as 127.70.12.1; up to 250 for one process. */
export async function ownAddress(): Promise<string> {
  claimed ??= { block: await claimBlock(), given: 0 };
  claimed.given += 1;
  return addressIn(claimed.block, claimed.given);
}

/** Begins at the block of the process id; process ids that are equal modulo BLOCKS share it, so it may be taken. */
async function claimBlock(): Promise<number> {
  for (let tries = 0; tries < BLOCKS; tries += 1) {
    const block = (process.pid + tries) % BLOCKS;
    if (await claim(addressIn(block, CLAIM.host))) return block;
  }
  throw new Error("All blocks of loopback addresses are taken");
}

async function claim(host: string): Promise<boolean> {
  const server: Server = createServer((socket) => socket.destroy());
  server.unref();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(CLAIM.port, host, () => resolve(true));
  });
}

function addressIn(block: number, host: number): string {
  return `127.${64 + (block >> 8)}.${block & 255}.${host}`;
}
