// One try to connect to one address.
import { connect, type Socket } from "node:net";
import { socketOptions } from "./socket-options.js";
import type { Target } from "./target.js";

/** What came of one try, for whoever watches. */
export interface ConnectStep {
  readonly target: Target;
  readonly address: string;
  /** Abandoned: another one was quicker, or the caller has changed its mind. */
  readonly outcome: "connected" | "refused" | "timeout" | "unreachable" | "failed" | "abandoned";
  /** What the system says of it. */
  readonly text?: string;
  readonly milliseconds: number;
}

/** Begins to connect; the socket emits "connect" or "error", later. */
export type Connect = (where: { readonly host: string; readonly port: number }) => Socket;

export const connectTcp: Connect = (where) => connect({ ...where, ...socketOptions });

export class Attempt {
  readonly #target: Target;
  readonly #address: string;
  readonly #done: (step: ConnectStep, socket: Socket) => void;
  readonly #began = performance.now();
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;
  #isOver = false;

  /**
   * `done` is called once, later. Connected, the socket is the caller's, without any listener; otherwise it is destroyed.
   * @param timeout milliseconds
   */
  constructor(
    target: Target,
    address: string,
    timeout: number,
    connect: Connect,
    done: (step: ConnectStep, socket: Socket) => void,
  ) {
    this.#target = target;
    this.#address = address;
    this.#done = done;
    this.#timer = setTimeout(() => this.#end("timeout"), timeout);
    this.#socket = connect({ host: address, port: target.port })
      .on("connect", this.#connected)
      .on("error", this.#failed);
  }

  abandon(): void {
    this.#end("abandoned");
  }

  readonly #connected = (): void => {
    if (this.#isOver) return;
    // On sockets that are given up it stays: an error may be on its way already, and unheard it would end the process.
    this.#socket.off("error", this.#failed);
    this.#end("connected");
  };

  readonly #failed = (error: NodeJS.ErrnoException): void => {
    this.#end(outcomes[error.code ?? ""] ?? "failed", error.message);
  };

  #end(outcome: ConnectStep["outcome"], text?: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#socket.off("connect", this.#connected);
    if (outcome !== "connected") this.#socket.destroy();
    const milliseconds = Math.round(performance.now() - this.#began);
    const step = { target: this.#target, address: this.#address, outcome, milliseconds };
    this.#done(text === undefined ? step : { ...step, text }, this.#socket);
  }
}

/** The rest has failed. */
const outcomes: Readonly<Record<string, ConnectStep["outcome"]>> = {
  ECONNREFUSED: "refused",
  ETIMEDOUT: "timeout",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  ENETDOWN: "unreachable",
  EADDRNOTAVAIL: "unreachable", // no address of our own to reach it from
  EAFNOSUPPORT: "unreachable", // no IPv6
};
