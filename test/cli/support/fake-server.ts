// A running server as commands see it, which remembers what was asked of it.
import { join } from "node:path";
import { openControl, type ControlServer } from "../../../src/cli/control/server.js";
import type { CommandContext, ServerOperations, SessionSummary } from "../../../src/cli/context.js";
import type { RoomOperations } from "../../../src/extension/room-operations.js";
import { silentLog } from "../../../src/observability/log.js";
import type { FederationSummary } from "../../../src/s2s/summary.js";
import { Trace } from "../../../src/observability/trace.js";
import { commands, makeContext } from "./stage.js";

export interface FakeServer extends ServerOperations {
  readonly trace: Trace;
  readonly asked: string[];
  readonly open: SessionSummary[];
  /** What `s2s list` shows. */
  streams: FederationSummary;
  /** What commands about rooms act on. */
  rooms: readonly RoomOperations[];
}

export function makeServer(onStop: () => void = () => undefined): FakeServer {
  const asked: string[] = [];
  const open: SessionSummary[] = [];
  return {
    asked,
    open,
    rooms: [],
    streams: { streams: [], queues: [], domains: [] },
    trace: new Trace(() => Date.UTC(1597, 0, 1, 12)),
    processId: 1597,
    sessions: (address) =>
      open.filter((each) => address === undefined || each.address.includes(address.bare.toString())),
    closeSessions(address, reason) {
      asked.push(`close ${address.toString()}: ${reason ?? "no reason"}`);
      return open.map((each) => each.address).filter((each) => each.startsWith(address.toString()));
    },
    components: () => [
      {
        domain: "irc.localhost",
        remoteAddress: "127.0.0.1",
        startedAt: ago(7300),
        lastReceivedAt: ago(90),
        waiting: 0,
      },
      { domain: "sms.localhost", remoteAddress: null, startedAt: null, lastReceivedAt: null, waiting: null },
    ],
    send: ({ from, to, body, subject, type }) => {
      asked.push(`${type} ${from} → ${to.toString()}: ${subject ?? "-"}: ${body}`);
    },
    federation(domain) {
      asked.push(`streams with ${domain ?? "everybody"}`);
      return this.streams;
    },
    reload: async () => ({ file: "/etc/rookery.toml", needsRestart: ["listeners"] }),
    stop: onStop,
  };
}

/** Opens a control socket for it in a data directory; commands find it there. */
export async function runServer(
  data: string,
  server: FakeServer,
  context: CommandContext = makeContext(["localhost"], server),
): Promise<{ readonly control: ControlServer; readonly context: CommandContext }> {
  return {
    context,
    control: await openControl({ path: join(data, "control.sock"), commands, context, log: silentLog }),
  };
}

export function sessionOf(address: string): SessionSummary {
  return {
    address,
    presence: "away",
    priority: 5,
    transport: "tcp",
    encryption: "TLSv1.3 TLS_AES_256_GCM_SHA384",
    mechanism: "SCRAM-SHA-256-PLUS",
    remoteAddress: "127.0.0.1",
    startedAt: ago(7300),
    lastReceivedAt: ago(90),
  };
}

/** Milliseconds since 1970. */
function ago(seconds: number): number {
  return Date.now() - seconds * 1000;
}
