// Actions of occupants of rooms: entering, with what it takes to make a room, and settings of its owner (XEP-0045).
import { childOf, elementsIn, escapeXml, NS, serialize, type XmlElement } from "../xml/element.js";
import type { Action, Cue } from "./action.js";
import { ping } from "./quiet.js";

export const roomActions: readonly Action[] = [
  [/^creates (\S+) as (.+)$/, creates],
  [/^joins (\S+) as (.+)$/, joins],
  [/^configures (\S+)$/, configures],
  [/^makes (.+) an? (owner|admin|member|outcast) of (\S+)$/, makes],
];

/** Enters, unlocks the room as an instant one (§10.1.2), and takes all that came until then. */
async function creates(cue: Cue): Promise<void> {
  const [room, nickname] = wordsOf(cue);
  await enter(cue, room, nickname);
  await ask(cue, room, `<query xmlns='${NS.mucOwner}'><x xmlns='jabber:x:data' type='submit'/></query>`);
  await takeAllFrom(cue, room);
}

/** Enters, and takes everything up to and with the subject, which is the last (§7.1); later messages stay to be received. */
async function joins(cue: Cue): Promise<void> {
  const [room, nickname] = wordsOf(cue);
  await enter(cue, room, nickname);
}

/** Submits the block's fields, one `name: value` a line (§10.2); names begin with `muc#roomconfig_` unless they have a # or a {. */
async function configures(cue: Cue): Promise<void> {
  const [room] = wordsOf(cue);
  const fields = [...fieldsOf(cue)].map(([name, values]) => {
    const written = values.map((value) => `<value>${escapeXml(value)}</value>`);
    return `<field var='${escapeXml(name)}'>${written.join("")}</field>`;
  });
  const type = `<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>`;
  const form = `<x xmlns='jabber:x:data' type='submit'>${type}${fields.join("")}</x>`;
  await ask(cue, room, `<query xmlns='${NS.mucOwner}'>${form}</query>`);
  await takeAllFrom(cue, room);
}

function fieldsOf({ stage, step }: Cue): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const line of stage.expand(step.block, false).split("\n")) {
    const [, written, value = ""] = /^\s*(\S+):(?:\s+(.*?))?\s*$/.exec(line) ?? [];
    if (written === undefined) throw new Error(`not a setting of a room: ${line}`);
    const name = /[#{]/.test(written) ? written : `muc#roomconfig_${written}`;
    fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  return fields;
}

/** Gives somebody an affiliation (§9, §10), and takes what comes of it. */
async function makes(cue: Cue): Promise<void> {
  const [name, affiliation, room] = wordsOf(cue);
  const item = `<item affiliation='${affiliation}' jid='${cue.stage.actor(name).bareJid}'/>`;
  await ask(cue, room, `<query xmlns='${NS.mucAdmin}'>${item}</query>`);
  await takeAllFrom(cue, room);
}

function wordsOf({ stage, words }: Cue): [string, string, string] {
  const [first = "", second = "", third = ""] = words.map((word) => stage.expand(word, false));
  return [first, second, third];
}

/** The block is what the request to enter contains: a password, how much history. @throws Error when it is refused */
async function enter({ stage, actor, step }: Cue, room: string, nickname: string): Promise<void> {
  const occupant = `${room}/${nickname}`;
  actor.addressed.add(room);
  actor.send(
    `<presence to='${escapeXml(occupant)}'><x xmlns='${NS.muc}'>${stage.expand(step.block).replace(/>\s+</g, "><")}</x></presence>`,
  );
  let isIn = false;
  await actor.waitFor((stanza) => {
    if (isRefusal(stanza, room)) throw new Error(`may not enter: ${serialize(stanza)}`);
    isIn ||= isSelfPresence(stanza, room);
    return isIn && isSubject(stanza, room);
  }, `the subject of ${room}`);
}

function isRefusal({ name, attributes }: XmlElement, room: string): boolean {
  return name === "presence" && attributes.get("type") === "error" && isFrom(attributes, room);
}

/** With status 110 (§7.2.2). */
function isSelfPresence(stanza: XmlElement, room: string): boolean {
  const user = childOf(stanza, "x", NS.mucUser);
  const statuses = user === undefined ? [] : elementsIn(user).filter(({ name }) => name === "status");
  return (
    stanza.name === "presence" &&
    isFrom(stanza.attributes, room) &&
    statuses.some(({ attributes }) => attributes.get("code") === "110")
  );
}

/** A message of a subject and nothing else to be shown (§7.2.15). */
function isSubject(stanza: XmlElement, room: string): boolean {
  const has = (name: string) => childOf(stanza, name, NS.client) !== undefined;
  return stanza.name === "message" && isFrom(stanza.attributes, room) && has("subject") && !has("body");
}

function isFrom(attributes: XmlElement["attributes"], room: string): boolean {
  const from = attributes.get("from") ?? "";
  return from === room || from.startsWith(`${room}/`);
}

/** An IQ set; what comes before its answer stays to be received. @throws Error when it is refused */
async function ask({ stage, actor }: Cue, room: string, payload: string): Promise<void> {
  const id = `room-${stage.variables.nextNumber()}`;
  actor.addressed.add(room);
  actor.send(`<iq type='set' id='${id}' to='${escapeXml(room)}'>${payload}</iq>`);
  let answer: XmlElement | undefined;
  const before = await actor.waitFor((stanza) => {
    if (stanza.attributes.get("id") === id) answer = stanza;
    return answer !== undefined;
  }, `an answer of ${room}`);
  if (answer?.attributes.get("type") !== "result") throw new Error(`refused: ${answer ? serialize(answer) : ""}`);
  actor.connection.putBack(before);
}

/** Forgets what the room has sent until now, and leaves what others did. */
async function takeAllFrom({ stage, actor }: Cue, room: string): Promise<void> {
  const came = await ping(actor, room, `settled-room-${stage.variables.nextNumber()}`);
  actor.connection.putBack(came.filter((event) => event.kind !== "element" || !isFrom(event.element.attributes, room)));
}
