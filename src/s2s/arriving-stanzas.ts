// The stanzas that come in on a link: each is checked, counted and handed on, or comes back (RFC 6120 §8.1, §8.3).
import { Jid, JidMalformed } from "../jid/jid.js";
import { checkStanza } from "../stanza/check.js";
import { StanzaError } from "../stanza/stanza-error.js";
import { Stanza, type StanzaKind } from "../stanza/stanza.js";
import type { HandledStanzas } from "../stream/acknowledgements.js";
import { ourLanguage } from "../stream/framing.js";
import { StreamError } from "../stream/stream-error.js";
import type { Fragment } from "../xml/fragment.js";
import type { AgreedPairs } from "./agreed-pairs.js";
import type { Federation } from "./federation.js";
import type { Link } from "./link.js";

/** Stanzas of one stream that may be waiting for storage at one time. */
const mostOpen = 500;

export class ArrivingStanzas {
  constructor(
    private readonly link: Link,
    private readonly agreed: AgreedPairs,
    private readonly federation: Federation,
  ) {}

  /** `handled`: where it counts until it is over. */
  take(fragment: Fragment, kind: StanzaKind, handled: HandledStanzas): void {
    const { link, federation } = this;
    handled.add();
    const stanza = this.#stanzaOf(fragment, kind);
    if (stanza === undefined) return;
    if (federation.trace.isActive) federation.trace.received(stanza, link.label);
    link.traffic.received.count(stanza.kind);
    federation.router.custody.of(handled, federation.route, stanza);
    if (handled.open >= mostOpen) this.#waitFor(handled);
  }

  /** Nothing more is read until storage has caught up: an account that is being read has room for so many stanzas only. */
  #waitFor(handled: HandledStanzas): void {
    const { stream } = this.link;
    stream.pause();
    handled.whenFewer(mostOpen / 2, () => stream.resume());
  }

  /** RFC 6120 §8.1.1.2, §8.1.2.2: between servers both addresses are there, and the sender's domain is one that was proven. */
  #stanzaOf(fragment: Fragment, kind: StanzaKind): Stanza | undefined {
    const { link } = this;
    link.lastStanzaAt = link.stream.lastReceivedAt;
    if (fragment.to === undefined || fragment.from === undefined) throw new StreamError("improper-addressing");
    const from = senderOf(fragment.from);
    const to = this.#targetOf(fragment.to, from);
    const stanza = Stanza.received(kind, fragment, to, from, languageOf(fragment, kind, link.stream.lang));
    if (to === undefined) return this.#bounce(stanza, new StanzaError("jid-malformed"));
    if (!this.agreed.has(from.domain, to.domain)) this.#refuseForged(from, to);
    return kind === "message" ? stanza : this.#checked(stanza);
  }

  /** Undefined for what is no address, of a sender who is who they say. */
  #targetOf(to: string, from: Jid): Jid | undefined {
    try {
      return Jid.parse(to);
    } catch (error) {
      if (!(error instanceof JidMalformed)) throw error;
      if (this.agreed.targetFor(from.domain) !== undefined) return undefined;
      throw new StreamError("invalid-from");
    }
  }

  /** RFC 6120 §4.9.3.9, §4.9.3.6: a stanza of a pair that was not agreed on for this stream. */
  #refuseForged(from: Jid, to: Jid): never {
    this.federation.journal.forged(this.link, from, to);
    if (this.agreed.targetFor(from.domain) !== undefined && !this.federation.serves(to.domain))
      throw new StreamError("host-unknown", `${to.domain} is not served here.`);
    throw new StreamError("invalid-from", `This stream is not for stanzas from ${from.domain} to ${to.domain}.`);
  }

  #checked(stanza: Stanza): Stanza | undefined {
    try {
      checkStanza(stanza);
      return stanza;
    } catch (error) {
      if (!(error instanceof StanzaError)) throw error;
      return this.#bounce(stanza, error);
    }
  }

  /** An error needs a sender: where the stanza's target is no address, it is the domain that the stream is for. */
  #bounce(stanza: Stanza, error: StanzaError): undefined {
    const target = stanza.to === undefined ? this.agreed.targetFor(stanza.from?.domain ?? "") : undefined;
    this.federation.router.bounce(target === undefined ? stanza : stanza.readdressed(Jid.parse(target)), error);
    return undefined;
  }
}

function senderOf(from: string): Jid {
  try {
    return Jid.parse(from);
  } catch (error) {
    if (error instanceof JidMalformed) throw new StreamError("improper-addressing", "The sender is no address.");
    throw error;
  }
}

/** RFC 6120 §8.1.5: what says no language of its own has that of the stream; on our streams that is English anyway. */
function languageOf({ lang }: Fragment, kind: StanzaKind, usual: string | undefined): string | undefined {
  return lang ?? (kind === "iq" || usual === ourLanguage ? undefined : usual);
}
