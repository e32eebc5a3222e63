// An approach to listeners of the test, on a clock that stands still, with addresses that answer when they are told to.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, Socket } from "node:net";
import type { TestContext } from "node:test";
import { Approach, type ApproachOptions, type ConnectStep, type Reached } from "../../../src/net/approach.js";
import { type Connect, connectTcp } from "../../../src/net/attempt.js";
import { LookupError, type LookupStep, parseTarget, type Target } from "../../../src/net/locator.js";

export interface Door {
  readonly port: number;
  /** What has come in. */
  readonly connections: Socket[];
}

/** A server at an address of this machine, until the test ends. */
export async function openDoor(test: TestContext, address: string, port = 0): Promise<Door> {
  const connections: Socket[] = [];
  const server = createServer((socket) => connections.push(socket.on("error", () => undefined)));
  test.after(() => {
    server.close();
    for (const socket of connections) socket.destroy();
  });
  return { port: await listen(server, port, address), connections };
}

/** A port where nobody listens: it was free a moment ago. */
export async function closedPort(address: string): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0, address);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listen(server: Server, port: number, address: string): Promise<number> {
  server.listen(port, address);
  await once(server, "listening");
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : port;
}

export interface Setting {
  /** Addresses of hosts; DNS has none of the others. */
  readonly hosts: Readonly<Record<string, readonly string[] | Promise<readonly string[]>>>;
  /** Addresses that swallow what is sent to them, until they are released. */
  readonly held?: readonly string[];
  readonly options?: Partial<ApproachOptions>;
}

export class ApproachStage {
  readonly approach: Approach;
  /** What was told, as `127.0.2.1 refused`. */
  readonly told: string[] = [];
  readonly steps: ConnectStep[] = [];
  /** Addresses in the order in which they were tried. */
  readonly tried: string[] = [];
  /** The sockets of addresses that are or were held, in that order. */
  readonly sockets: { readonly address: string; readonly port: number; readonly socket: Socket }[] = [];
  readonly #test: TestContext;

  /** `targets`: as parseTarget() reads them. From here on the clock stands still. */
  constructor(test: TestContext, targets: readonly string[], { hosts, held = [], options = {} }: Setting) {
    this.#test = test;
    test.mock.timers.enable({ apis: ["setTimeout"] });
    const connect: Connect = (where) => {
      this.tried.push(where.host);
      return held.includes(where.host) ? this.#hold(where.host, where.port) : connectTcp(where);
    };
    const addressesOf = async (host: string): Promise<readonly string[]> => {
      const found = await hosts[host];
      if (found === undefined) throw new LookupError("dns-not-found", `DNS knows no address of ${host}.`);
      return found;
    };
    const parsed = targets.map((text) => parseTarget(text) as Target);
    const watch = (step: LookupStep | ConnectStep): void => this.#hear(step);
    this.approach = new Approach(parsed, { addressesOf }, { connectTimeout: 30_000, connect, watch, ...options });
    test.after(() => {
      this.approach.abandon();
      for (const { socket } of this.sockets) socket.destroy();
    });
  }

  /** The next connection, which goes with the test. */
  async next(): Promise<Reached> {
    const reached = await this.approach.next();
    this.#test.after(() => reached.socket.destroy());
    return reached;
  }

  /** Lets what is due happen, then time pass. */
  async advance(milliseconds: number): Promise<void> {
    await settled();
    this.#test.mock.timers.tick(milliseconds);
    await settled();
  }

  /** Lets the last try to connect to a held address go through. */
  release(address: string): void {
    const last = this.sockets.findLast((each) => each.address === address);
    if (last === undefined) assert.fail(`${address} has not been tried`);
    last.socket.connect(last.port, address);
  }

  #hold(address: string, port: number): Socket {
    const socket = new Socket({ allowHalfOpen: true });
    this.sockets.push({ address, port, socket });
    return socket;
  }

  #hear(step: LookupStep | ConnectStep): void {
    if (!("target" in step)) return;
    this.steps.push(step);
    this.told.push(`${step.address} ${step.outcome}`);
  }
}

/** What needs no more than promises has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
