// Binding to addresses, and saying plainly why it can't be done.
import type { ListenOptions, Server, Socket } from "node:net";
import type { Admission } from "./admission.js";
import type { Reception } from "./reception.js";

/** Where a listener stands. */
export interface ListeningPlace {
  /** What the operator calls it: `c2s`, `c2s-tls`, `http`, `https`. */
  readonly type: string;
  readonly address: string;
  /** 0: any free port (tests). */
  readonly port: number;
  /** Connections that the kernel holds until they are accepted. */
  readonly backlog?: number;
  /** IPv6 `::` leaves IPv4 to another listener; otherwise it takes both. */
  readonly isIpv6Only?: boolean;
}

/** A listener that can't be opened; the message says which, why, and what to do. */
export class ListenError extends Error {
  readonly code: string;

  constructor(message: string, code: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Starts listening; gives the port. Throws ListenError. What goes wrong later is told to `reception`. */
export async function openPort(
  server: Server,
  place: ListeningPlace,
  reception: Pick<Reception, "listenerFailed">,
): Promise<number> {
  const options: ListenOptions = { host: place.address, port: place.port, backlog: place.backlog ?? 1_024 };
  if (place.isIpv6Only !== undefined) options.ipv6Only = place.isIpv6Only;
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => reject(explain(error, place));
    server.once("error", fail);
    server.listen(options, () => {
      server.off("error", fail);
      server.on("error", (error) => reception.listenerFailed?.(error, place)); // unheard, it would end the process
      resolve();
    });
  });
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : place.port;
}

/** Stops accepting; connections that stand are left alone. */
export function closePort(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    // The callback waits for the last connection to end, which is the stream layer's business.
    server.close();
    resolve();
  });
}

const admittedAs: unique symbol = Symbol("admitted as");
declare module "node:net" {
  interface Socket {
    /** Under which address admission counted it. */
    [admittedAs]?: string;
  }
}

/**
 * Lets only those sockets through to what listens for `server`'s connections that admission lets in. For the rest
 * nothing is set up, and the reset spares both sides the states that follow a close.
 */
export function guard(server: Server, admission: Admission): void {
  const serve = server.listeners("connection");
  server.removeAllListeners("connection");
  function leave(this: Socket): void {
    admission.leave(this[admittedAs] ?? "");
  }
  server.on("connection", (socket: Socket) => {
    const address = socket.remoteAddress; // undefined when the peer is gone already
    if (address === undefined || admission.enter(address) !== undefined) return void socket.resetAndDestroy();
    socket[admittedAs] = address;
    socket.on("close", leave); // one function for all: a closure for each would be kept as long as the connection
    for (const listener of serve) Reflect.apply(listener, server, [socket]);
  });
}

function explain(error: NodeJS.ErrnoException, place: ListeningPlace): ListenError {
  const code = error.code ?? "";
  const subject = `The ${place.type} listener can't use ${place.address} port ${place.port}`;
  return new ListenError(`${subject}: ${advice[code] ?? error.message}`, code, error);
}

const advice: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program listens there already. Stop it, or give this listener another port.",
  EACCES:
    "ports below 1024 are for the administrator. Choose a higher port, or allow this one " +
    "(on Linux: setcap cap_net_bind_service=+ep on the node program, or AmbientCapabilities in systemd).",
  EADDRNOTAVAIL: "this machine has no such address. Write one that it has, or 0.0.0.0 for all of IPv4 and :: for all.",
  EAFNOSUPPORT: "this machine has no IPv6. Take the address out of the listener.",
  ENOTFOUND: "no such name. Write an address instead.",
};
