// Resource binding (RFC 6120 §7): the last step of negotiation, which makes the session.
import { randomBytes } from "node:crypto";
import type { Identity } from "../auth/identity.js";
import { Jid, JidMalformed } from "../jid/jid.js";
import type { LocalAccount } from "../routing/local-account.js";
import { errorFor, resultOf } from "../stanza/build.js";
import { checkStanza } from "../stanza/check.js";
import { StanzaError } from "../stanza/stanza-error.js";
import { Stanza } from "../stanza/stanza.js";
import { StreamError } from "../stream/stream-error.js";
import type { Stream } from "../stream/stream.js";
import type { Fragment } from "../xml/fragment.js";
import { xml } from "../xml/element.js";
import { NAMESPACES } from "../xml/namespaces.js";
import type { ClientHost } from "./client-host.js";
import type { ClientService } from "./service.js";
import { ClientSession } from "./session.js";

export class Binding {
  constructor(
    private readonly stream: Stream,
    private readonly host: ClientHost,
    private readonly identity: Identity,
    private readonly service: ClientService,
    private readonly finished: () => void,
  ) {}

  received(fragment: Fragment): void {
    const isBind = fragment.name === "iq" && fragment.children[0]?.namespace === NAMESPACES.bind;
    // RFC 6120 §7.1: no stanza to others before a resource is bound
    if (!isBind) throw new StreamError("not-authorized", "Bind a resource first.");
    const request = Stanza.received("iq", fragment, undefined, undefined);
    try {
      checkStanza(request);
      if (request.type !== "set") throw new StanzaError("bad-request");
      this.#bind(request, this.#resourceIn(request));
    } catch (error) {
      this.#refuse(request, error);
    }
  }

  /** The full JID that the client asked for, or one that nobody can guess (§7.6). Libstrophe's <required/> is ignored. */
  #resourceIn(request: Stanza): Jid {
    const account = Jid.of(this.identity.user, this.host.local.jid.domain);
    const wish = request.child(NAMESPACES.bind, "bind")?.getChildText("resource", NAMESPACES.bind) ?? "";
    if (wish === "") return account.withResource(randomBytes(12).toString("base64url"));
    try {
      return account.withResource(wish);
    } catch (error) {
      // §7.7.2.1
      if (error instanceof JidMalformed) throw new StanzaError("bad-request", { text: error.message });
      throw error;
    }
  }

  #bind(request: Stanza, jid: Jid): void {
    this.stream.pause();
    this.host.local.accounts.with(jid.bare, (account, failure) => {
      try {
        if (failure !== undefined) throw new StanzaError("internal-server-error");
        if (!this.stream.isClosing)
          this.#enter(request, jid, account ?? this.host.anonymousAccount(this.identity, jid));
      } catch (error) {
        this.#refuse(request, error);
      }
      this.stream.resume();
    });
  }

  #enter(request: Stanza, jid: Jid, account: LocalAccount | undefined): void {
    if (account === undefined) throw new StanzaError("not-allowed", { text: "The account is gone." });
    // §7.7.2.2, third way: the newcomer gets the resource, whoever had it is sent away
    account.session(jid)?.close("conflict", "The same resource has logged in elsewhere.");
    if (account.sessions.length >= this.service.options.sessions_per_account) {
      throw new StanzaError("resource-constraint", { text: "Too many sessions of this account." });
    }
    this.finished();
    const session = new ClientSession(this.stream, jid, account, this.host, this.service, this.identity);
    const bind = xml("bind", { xmlns: NAMESPACES.bind }, xml("jid", {}, jid.toString()));
    this.stream.send(resultOf(request, bind));
    session.begin();
  }

  #refuse(request: Stanza, error: unknown): void {
    if (!(error instanceof StanzaError)) throw error;
    this.stream.send(errorFor(request, error));
  }
}
