// An approach to listeners of the test, with addresses that are connected to late or never.
import { once } from "node:events";
import { createServer, Socket } from "node:net";
import type { TestContext } from "node:test";
import { Approach, type ApproachOptions, type ConnectStep, type Reached } from "../../../src/net/approach.js";
import { type Connect, connectTcp } from "../../../src/net/attempt.js";
import { LookupError, type LookupStep, parseTarget, type Target } from "../../../src/net/locator.js";

/** A server at an address of this machine; what connects to it is kept until the test ends. */
export class Door {
  readonly port: number;
  readonly connections: Socket[] = [];

  constructor(port: number) {
    this.port = port;
  }

  /** Until so many of those that came are gone again. */
  async untilGone(count: number): Promise<void> {
    while (this.connections.length < count || this.connections.some((socket) => !socket.closed)) {
      const open = this.connections.find((socket) => !socket.closed);
      await (open === undefined ? new Promise(setImmediate) : once(open, "close"));
    }
  }
}

export async function openDoor(test: TestContext, address: string, port = 0): Promise<Door> {
  const server = createServer();
  server.listen(port, address);
  await once(server, "listening");
  const bound = server.address();
  const door = new Door(typeof bound === "object" && bound !== null ? bound.port : port);
  server.on("connection", (socket) => door.connections.push(socket.on("error", () => undefined).resume()));
  test.after(() => {
    server.close();
    for (const socket of door.connections) socket.destroy();
  });
  return door;
}

/** A port where nobody listens: it was free a moment ago. */
export async function closedPort(address: string): Promise<number> {
  const server = createServer();
  server.listen(0, address);
  await once(server, "listening");
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}

/** Milliseconds until an address is connected to; Infinity: it swallows all that is sent. */
export type Delays = Readonly<Record<string, number>>;

export interface Setting {
  readonly approach: Approach;
  /** What was told, as `127.0.0.2 refused`. */
  readonly told: string[];
  readonly steps: ConnectStep[];
  /** Sockets of addresses with a delay. */
  readonly held: Socket[];
  /** Addresses in the order in which they were tried. */
  readonly tried: string[];
}

/**
 * @param targets as `parseTarget` reads them
 * @param addresses of hosts; none or missing: DNS has none
 */
export function approach(
  test: TestContext,
  targets: readonly string[],
  addresses: Readonly<Record<string, readonly string[] | Promise<readonly string[]>>>,
  options: Partial<ApproachOptions> & { readonly delays?: Delays } = {},
): Setting {
  const [told, tried]: [string[], string[]] = [[], []];
  const [steps, held]: [ConnectStep[], Socket[]] = [[], []];
  const connect: Connect = (where) => {
    tried.push(where.host);
    const delay = options.delays?.[where.host];
    if (delay === undefined) return connectTcp(where);
    const socket = new Socket();
    held.push(socket);
    if (delay !== Infinity) setTimeout(() => socket.destroyed || socket.connect(where.port, where.host), delay);
    return socket;
  };
  const watch = (step: LookupStep | ConnectStep): void => {
    if (!("target" in step)) return;
    steps.push(step);
    told.push(`${step.address} ${step.outcome}`);
  };
  const addressesOf = async (host: string): Promise<readonly string[]> => {
    const found = await addresses[host];
    if (found === undefined) throw new LookupError("dns-not-found", `DNS knows no address of ${host}.`);
    return found;
  };
  const parsed = targets.map((text) => parseTarget(text) as Target);
  const made = new Approach(parsed, { addressesOf }, { connectTimeout: 5_000, connect, watch, ...options });
  test.after(() => {
    made.abandon();
    for (const socket of held) socket.destroy();
  });
  return { approach: made, told, steps, held, tried };
}

/** The next connection, which goes with the test. */
export async function next(test: TestContext, made: Approach): Promise<Reached> {
  const reached = await made.next();
  test.after(() => reached.socket.destroy());
  return reached;
}
