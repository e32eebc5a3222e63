// Rooms of a few lines for the puppet server: everybody is alone in theirs, and may do everything.
import { elementsIn, NS, serialize, type XmlElement } from "../../conformance/xml/element.js";

export const puppetService = "rooms.puppets";

/** What the service says to its only occupant. The nickname "Tybalt" is taken everywhere. */
export class PuppetRooms {
  private nickname = "";
  /** Everything that has been set, as it came. */
  readonly changes: XmlElement[] = [];

  /** The answer, or undefined when the stanza is for somebody else. */
  answer(stanza: XmlElement): string | undefined {
    const [address = "", nickname = ""] = (stanza.attributes.get("to") ?? "").split("/");
    if (address !== puppetService && !address.endsWith(`@${puppetService}`)) return undefined;
    if (stanza.name === "presence") return this.presence(stanza, address, nickname);
    if (stanza.name === "message")
      return serialize(stanza).replace("<message", `<message from='${address}/${this.nickname}'`);
    return this.iq(stanza, address);
  }

  private presence({ attributes }: XmlElement, room: string, nickname: string): string {
    if (nickname === "Tybalt") return `<presence type='error' from='${room}/Tybalt'/>`;
    this.nickname = nickname;
    const type = attributes.has("type") ? " type='unavailable'" : "";
    const self = `<presence${type} from='${room}/${nickname}'><x xmlns='${NS.mucUser}'><status code='110'/></x></presence>`;
    return type === "" ? `${self}<message from='${room}' type='groupchat'><subject/></message>` : self;
  }

  /** A change of settings or affiliations is followed by a message, as rooms do. */
  private iq(iq: XmlElement, address: string): string {
    const [payload] = elementsIn(iq);
    const content = payload === undefined ? "" : this.told(payload, address);
    const result = `<iq type='result' id='${iq.attributes.get("id") ?? ""}' from='${address}'>${content}</iq>`;
    if (iq.attributes.get("type") !== "set") return result;
    this.changes.push(iq);
    return `${result}<message from='${address}' type='groupchat' id='changed'/>`;
  }

  private told({ namespace }: XmlElement, address: string): string {
    const form = (field: string): string => `<x xmlns='jabber:x:data'><field var='${field}'/></x>`;
    const feature = address === puppetService ? NS.muc : "muc_open";
    const information = `<feature var='${feature}'/>${form("muc#roominfo_lang")}`;
    if (namespace === NS.discoInfo) return `<query xmlns='${namespace}'>${information}</query>`;
    return namespace === NS.mucOwner ? `<query xmlns='${namespace}'>${form("muc#roomconfig_maxusers")}</query>` : "";
  }
}
