// CPU of a bare forwarder, a message: node dist/bench/net/forward.js [window] [seconds] [kind …]
import { ask, heard, type Kind, kinds, start } from "./child.js";

const [window = "1", seconds = "1", ...chosen] = process.argv.slice(2);
const rounds = 5;

interface Figures {
  readonly user: number;
  readonly total: number;
  readonly rate: number;
}

async function measure(kind: Kind): Promise<void> {
  const server = start("server", 0);
  const { ports } = await heard<{ ports: Record<Kind, number> }>(server);
  const clients = start("forward-clients", 1, kind, String(ports[kind]), "100", window, seconds);
  const figures: Figures[] = [];
  while (figures.length < rounds) {
    await heard(clients);
    await ask(server, "cpu");
    const { received } = await heard<{ received: number }>(clients);
    const { user, system } = await ask<{ user: number; system: number }>(server, "cpu");
    figures.push({ user: user / received, total: (user + system) / received, rate: received / Number(seconds) });
  }
  clients.kill();
  server.kill();
  report(kind, figures);
}

/** The best of the rounds: on a machine that others use, the rest is noise. */
function report(kind: Kind, figures: Figures[]): void {
  const best = figures.reduce((one, other) => (other.total < one.total ? other : one));
  const { total, user, rate } = best;
  console.log(
    `${kind.padEnd(10)} window ${window}: ${total.toFixed(2)} µs a message, ` +
      `${user.toFixed(2)} of it in user mode, at ${rate.toFixed(0)} messages/s`,
  );
}

for (const kind of kinds.filter((kind) => chosen.length === 0 || chosen.includes(kind))) await measure(kind);
process.exit();
