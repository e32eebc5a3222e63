// Peers that no real server would be: one that takes connections and says nothing, and one that knows no TLS.
import { createServer, type Server, type Socket } from "node:net";
import { PORTS } from "./server.js";

/** A listener on the port for servers. */
export class OddPeer {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** Takes connections and never says a word. */
  static mute(address: string): Promise<OddPeer> {
    return OddPeer.start(address, () => undefined);
  }

  /** Answers a stream header by its own and features without STARTTLS. */
  static plain(address: string, domain: string): Promise<OddPeer> {
    const namespaces = "xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'";
    const header = `<stream:stream ${namespaces} from='${domain}' id='odd' version='1.0'><stream:features/>`;
    return OddPeer.start(address, (socket) => socket.once("data", () => socket.write(header)));
  }

  private static async start(address: string, meet: (socket: Socket) => unknown): Promise<OddPeer> {
    const peer = new OddPeer(createServer());
    peer.server.on("connection", (socket) => {
      peer.sockets.add(socket.on("error", () => undefined).on("close", () => peer.sockets.delete(socket)));
      meet(socket);
    });
    await new Promise<void>((resolve, reject) => {
      peer.server.once("error", reject).listen(PORTS.server, address, resolve);
    });
    return peer;
  }

  stop(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
