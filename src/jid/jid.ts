// Jid: an XMPP address (RFC 7622), prepared once, immutable, and one object for all equal addresses.
import { isAscii } from "../xml/ascii.js";
import { escapeAttribute } from "../xml/escape.js";
import { prepareDomain } from "./domain.js";
import { independent } from "./independent.js";
import { Interned } from "./interned.js";
import { prepareLocal } from "./local.js";
import { JidMalformed } from "./malformed.js";
import { Recent } from "./recent.js";
import { prepareResource } from "./resource.js";

export { JidMalformed } from "./malformed.js";

/** The longest address, in UTF-16 code units: three parts of 1023 octets, "@" and "/" (RFC 7622 §3.1). */
const MAXIMUM_LENGTH = 3071;

/**
 * An XMPP address. Equal addresses are the same object as long as somebody holds it, so compare with `===` and use it
 * as the key of a Map or Set. The parts are in their prepared form (RFC 7622 §§3.2–3.4).
 */
export class Jid {
  // The one place for state of the whole process: identity of equal addresses needs it.
  static readonly #interned = new Interned<Jid>();
  static readonly #parsed = new Recent<Jid>(10_000, 1_000_000);
  static readonly #domains = new Recent<string>(2_000, 100_000);

  /** The part before the "@", or "" when there is none. */
  readonly local: string;
  /** The domain; never empty. */
  readonly domain: string;
  /** The part behind the "/", or "" when there is none. */
  readonly resource: string;
  /** The address without its resource; this very object if it has none. */
  readonly bare: Jid;
  readonly #text: string;
  #isAscii: boolean | undefined;
  #attribute: string | undefined;

  private constructor(text: string, local: string, domain: string, resource: string, bare: Jid | undefined) {
    this.local = local;
    this.domain = domain;
    this.resource = resource;
    this.bare = bare ?? this;
    this.#text = text;
  }

  /** Whether its text is ASCII, so that it can be sent without being encoded. */
  get isAscii(): boolean {
    return (this.#isAscii ??= isAscii(this.#text));
  }

  /** Its text as the value of an attribute, in either kind of quotes: nearly always the same string. */
  get attribute(): string {
    return (this.#attribute ??= escapeAttribute(this.#text));
  }

  /** True if there is no resource. */
  get isBare(): boolean {
    return this.bare === this;
  }

  /** True if there is neither a localpart nor a resource. */
  get isDomain(): boolean {
    return this.bare === this && this.local === "";
  }

  /** The address as it is written in a stanza. */
  toString(): string {
    return this.#text;
  }

  /** The same as {@link toString}, so that an address in JSON is a string. */
  toJSON(): string {
    return this.#text;
  }

  /**
   * The address of a resource of this account, room or domain.
   * @param resource unprepared; not empty
   * @throws JidMalformed if RFC 7622 §3.4 does not allow it
   */
  withResource(resource: string): Jid {
    return Jid.#full(this.bare, prepareResource(resource));
  }

  /**
   * Reads an address: split first at the first "/", then at the first "@" before it (RFC 7622 §3.1), each part prepared.
   * @param text as received, unprepared; 3071 UTF-16 code units at most
   * @throws JidMalformed if the text is no address
   */
  static parse(text: string): Jid {
    return Jid.#parsed.get(text) ?? Jid.#parseNew(text);
  }

  /**
   * Makes an address of its parts, which are prepared; none is split any further.
   * @param local "" for none
   * @param resource "" for none
   * @throws JidMalformed if one of the parts is not allowed
   */
  static of(local: string, domain: string, resource = ""): Jid {
    const bare = Jid.#bare(local === "" ? "" : prepareLocal(local), Jid.#domain(domain));
    return resource === "" ? bare : Jid.#full(bare, prepareResource(resource));
  }

  static #parseNew(text: string): Jid {
    if (text.length > MAXIMUM_LENGTH) throw new JidMalformed("address", `is longer than ${MAXIMUM_LENGTH} octets`);
    const slash = text.indexOf("/");
    const jid = slash < 0 ? Jid.#parseBare(text) : Jid.#parseFull(text, slash);
    Jid.#parsed.set(jid.#text === text ? jid.#text : independent(text), jid);
    return jid;
  }

  // An empty part behind its separator is an error (§3.1), so it is prepared, and refused, too.
  static #parseFull(text: string, slash: number): Jid {
    const beforeSlash = text.slice(0, slash);
    const behindSlash = text.slice(slash + 1);
    const bare = Jid.#parseBare(beforeSlash);
    const resource = prepareResource(behindSlash);
    const isPrepared = resource === behindSlash && bare.#text === beforeSlash;
    return isPrepared ? Jid.#full(bare, resource, text) : Jid.#full(bare, resource);
  }

  static #parseBare(text: string): Jid {
    const at = text.indexOf("@");
    const beforeAt = text.slice(0, Math.max(at, 0));
    const behindAt = text.slice(at + 1);
    const local = at < 0 ? "" : prepareLocal(beforeAt);
    const domain = Jid.#domain(behindAt);
    return local === beforeAt && domain === behindAt ? Jid.#bare(local, domain, text) : Jid.#bare(local, domain);
  }

  // A shared copy for each domain: addresses of one domain hold one string, whose hash is computed once.
  static #domain(text: string): string {
    const known = Jid.#domains.get(text);
    if (known !== undefined) return known;
    const domain = independent(prepareDomain(text));
    Jid.#domains.set(text === domain ? domain : independent(text), domain);
    return domain;
  }

  // In both of these the text is what the parts make together; given, it saves putting it together.
  static #bare(local: string, domain: string, text = local === "" ? domain : `${local}@${domain}`): Jid {
    const known = Jid.#interned.get(text);
    if (known !== undefined) return known;
    const kept = local === "" ? domain : independent(text);
    return Jid.#intern(new Jid(kept, kept.slice(0, local.length), domain, "", undefined));
  }

  static #full(bare: Jid, resource: string, text = `${bare.#text}/${resource}`): Jid {
    const known = Jid.#interned.get(text);
    if (known !== undefined) return known;
    const kept = independent(text);
    return Jid.#intern(new Jid(kept, bare.local, bare.domain, kept.slice(-resource.length), bare));
  }

  static #intern(jid: Jid): Jid {
    Jid.#interned.add(jid.#text, jid);
    return jid;
  }
}
