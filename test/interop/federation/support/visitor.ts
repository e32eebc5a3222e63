// An actor in a room (XEP-0045): what he does there, and what he waits for.
import { childOf, elementsIn, textOf, type XmlElement } from "../../../../conformance/xml/element.js";
import { bodyOf, problemIn, type Actor } from "./actor.js";

const MUC = "http://jabber.org/protocol/muc";
const USER = `${MUC}#user`;

/** What the room says of somebody in a presence. */
export interface Notice {
  readonly codes: readonly string[];
  readonly affiliation: string | undefined;
  readonly role: string | undefined;
}

export class Visitor {
  constructor(
    readonly actor: Actor,
    readonly room: string,
    readonly nick: string,
  ) {}

  /** Enters; resolves when the subject has come, which ends what a newcomer is sent (§7.1). */
  async enters(): Promise<{ readonly notice: Notice; readonly subject: string }> {
    this.asksToEnter();
    const notice = await this.sees(this.nick);
    return { notice, subject: await this.readsSubject() };
  }

  async readsSubject(): Promise<string> {
    return subjectIn(
      await this.actor.receives({ kind: "message", from: this.room, type: "groupchat", hasSubject: true }),
    );
  }

  asksToEnter(): void {
    this.actor.says(`<presence to='${this.room}/${this.nick}'><x xmlns='${MUC}'/></presence>`);
  }

  async isRefused(): Promise<string> {
    return (await this.actor.isRefused({ kind: "presence", from: `${this.room}/${this.nick}` })).condition;
  }

  says(body: string): void {
    this.actor.says(`<message type='groupchat' id='${body}' to='${this.room}'><body>${body}</body></message>`);
  }

  whispers(nick: string, body: string): void {
    this.actor.says(
      `<message type='chat' to='${this.room}/${nick}'><body>${body}</body><x xmlns='${USER}'/></message>`,
    );
  }

  /** Waits until somebody has said this to all. */
  async hears(nick: string, body: string): Promise<void> {
    await this.actor.receives({ kind: "message", from: `${this.room}/${nick}`, type: "groupchat", body });
  }

  async sees(nick: string): Promise<Notice> {
    return noticeIn(await this.actor.receives({ kind: "presence", from: `${this.room}/${nick}`, type: undefined }));
  }

  async seesGo(nick: string): Promise<Notice> {
    return noticeIn(await this.actor.receives({ kind: "presence", from: `${this.room}/${nick}`, type: "unavailable" }));
  }

  async leaves(): Promise<void> {
    this.actor.says(`<presence type='unavailable' to='${this.room}/${this.nick}'/>`);
    await this.seesGo(this.nick);
  }

  /** Sends an IQ to the room and resolves with "done" or the condition of the error. */
  async demands(type: "get" | "set", payload: string, to = this.room): Promise<string> {
    const id = `demand-${(demands += 1)}`;
    this.actor.says(`<iq type='${type}' id='${id}' to='${to}'>${payload}</iq>`);
    const answer = await this.actor.receives({ kind: "iq", id });
    return answer.attributes.get("type") === "error" ? problemIn(answer).condition : "done";
  }

  configures(fields: Readonly<Record<string, string>>): Promise<string> {
    const all = Object.entries({ FORM_TYPE: `${MUC}#roomconfig`, ...fields });
    const elements = all.map(([name, value]) => `<field var='${name}'><value>${value}</value></field>`);
    const form = `<x xmlns='jabber:x:data' type='submit'>${elements.join("")}</x>`;
    return this.demands("set", `<query xmlns='${MUC}#owner'>${form}</query>`);
  }

  /** Changes what somebody is to the room; `item`: attributes, such as nick='Romeo' role='none'. */
  rules(item: string): Promise<string> {
    return this.demands("set", `<query xmlns='${MUC}#admin'><item ${item}/></query>`);
  }

  /** XEP-0410. */
  asksWhetherHeIsIn(): Promise<string> {
    return this.demands("get", "<ping xmlns='urn:xmpp:ping'/>", `${this.room}/${this.nick}`);
  }

  /** What has been said to all and has come so far, at once or, `isOld`, as history. */
  heard({ isOld = false } = {}): readonly string[] {
    const isFromHere = ({ attributes }: XmlElement) =>
      attributes.get("type") === "groupchat" && (attributes.get("from") ?? "").startsWith(`${this.room}/`);
    const isDelayed = (stanza: XmlElement) => childOf(stanza, "delay", "urn:xmpp:delay") !== undefined;
    const all = this.actor.received.filter((stanza) => isFromHere(stanza) && isDelayed(stanza) === isOld);
    return all.flatMap((stanza) => bodyOf(stanza) ?? []);
  }
}

let demands = 0;

function noticeIn(presence: XmlElement): Notice {
  const user = childOf(presence, "x", USER);
  const children = user === undefined ? [] : elementsIn(user);
  const item = children.find(({ name }) => name === "item");
  return {
    codes: children.flatMap(({ name, attributes }) => (name === "status" ? (attributes.get("code") ?? "") : [])).sort(),
    affiliation: item?.attributes.get("affiliation"),
    role: item?.attributes.get("role"),
  };
}

/** The text of the subject (§8.1). */
function subjectIn(message: XmlElement): string {
  const subject = childOf(message, "subject");
  return subject === undefined ? "" : textOf(subject);
}
