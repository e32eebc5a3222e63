// An external component on stage (XEP-0114): a gateway such as irc.verona.example, over a fake connection.
import { createHash } from "node:crypto";
import type { StreamOpening } from "../../src/xml/opening.js";
import { Client } from "./client.js";

export class ExternalComponent extends Client {
  /** The server's header. */
  opening: StreamOpening | undefined;

  constructor(readonly domain: string) {
    super(domain, { remoteAddress: "127.0.0.1" }, "jabber:component:accept");
    this.jid = domain;
  }

  /** Sends the header, which the server answers at once and without features. */
  opens(attributes = `to='${this.domain}'`, namespace = "jabber:component:accept"): void {
    const stream = "xmlns:stream='http://etherx.jabber.org/streams'";
    this.send(`<?xml version='1.0'?><stream:stream xmlns='${namespace}' ${stream} ${attributes}>`);
  }

  /** What the component says to prove that it knows the secret. */
  handshake(secret: string): string {
    const proof = createHash("sha1")
      .update(`${this.opening?.id ?? ""}${secret}`)
      .digest("hex");
    return `<handshake>${proof}</handshake>`;
  }

  /** Sends the handshake and waits for its answer. */
  async proves(secret: string): Promise<void> {
    this.send(this.handshake(secret));
    await this.receives("<handshake/>");
  }

  override onOpen(opening: StreamOpening): void {
    this.opening = opening;
  }
}
