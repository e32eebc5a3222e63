// Verona's server as a stream of ours meets it, without a network: it negotiates by dialback and then says what it is told.
import assert from "node:assert/strict";
import { FakeTransport, type ClientEnd } from "../../support/fake-transport.js";

export interface OtherServerPlay {
  /** The id by which it lets lost streams be gone on with; without one it allows none. */
  readonly id?: string;
  /** No stream management at all. */
  readonly isSimple?: boolean;
  /** More that it offers. */
  readonly features?: string;
  /** What it says to <resume/>. */
  readonly onResume?: string;
}

export const management = "xmlns='urn:xmpp:sm:3'";

export class OtherServer implements ClientEnd {
  readonly transport: FakeTransport;
  /** All that it has been sent. */
  heard = "";
  hasEnded = false;
  #unread = "";

  constructor(private readonly play: OtherServerPlay = {}) {
    this.transport = new FakeTransport(this, { remoteAddress: "127.0.0.2" });
  }

  /** Ids of the stanzas that have come, in order. */
  get ids(): (string | undefined)[] {
    return Array.from(this.heard.matchAll(/<(?:message|presence|iq) [^>]*id='([^']*)'/g), ([, id]) => id);
  }

  says(xml: string): void {
    this.transport.clientWrites(xml);
  }

  acknowledges(count: number): void {
    this.says(`<a ${management} h='${count}'/>`);
  }

  saysGoodbye(): void {
    this.says("</stream:stream>");
  }

  vanishes(): void {
    this.transport.clientVanishes();
  }

  received(text: string): void {
    this.heard += text;
    this.#unread += text;
    setImmediate(() => this.#negotiate());
  }

  closed(): void {
    this.hasEnded = true;
  }

  #negotiate(): void {
    if (this.hasEnded) return;
    const { id, isSimple = false, features = "", onResume } = this.play;
    if (this.#takes("<stream:stream ")) this.says(header(features + (isSimple ? "" : `<sm ${management}/>`)));
    if (this.#takes("<db:result ")) this.says("<db:result from='verona.example' to='mantua.example' type='valid'/>");
    if (this.#takes("<enable "))
      this.says(`<enabled ${management}${id === undefined ? "" : ` id='${id}' resume='true'`}/>`);
    if (this.#takes("<resume ")) this.says(onResume ?? assert.fail("Nobody expects this stream to be gone on with."));
  }

  #takes(start: string): boolean {
    const place = this.#unread.indexOf(start);
    if (place >= 0) this.#unread = this.#unread.slice(place + start.length);
    return place >= 0;
  }
}

function header(more: string): string {
  return (
    "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' " +
    "xmlns:db='jabber:server:dialback' from='verona.example' to='mantua.example' id='s1' version='1.0'>" +
    `<stream:features><dialback xmlns='urn:xmpp:features:dialback'/>${more}</stream:features>`
  );
}
