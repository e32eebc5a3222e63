// Proves that nothing is on its way: round trips that everything already sent must have overtaken (RFC 6120 §10.1).
import { TooLate } from "../client/connection.js";
import { NS, type XmlElement } from "../xml/element.js";
import type { StreamEvent } from "../xml/stream-reader.js";
import type { Actor } from "./actor.js";
import type { Stage } from "./stage.js";

/**
 * Waits until everything that anybody sent has been processed and has reached the listener. Every other client has a
 * ping answered by the server (and by the rooms that they wrote to), and sends the listener an IQ result, which must be delivered (RFC 6121 §8.5.3.1) and may not
 * overtake what they sent before; servers and components send the result alone. Then the listener has pings answered by the
 * server and by all whom they wrote to. Gives what reached the listener meanwhile.
 */
export async function settle(stage: Stage, listener: Actor): Promise<StreamEvent[]> {
  const mark = `settled-${stage.variables.nextNumber()}`;
  const marks = new Map<string, Actor>();
  for (const actor of stage.actors.values()) {
    const id = actor === listener ? undefined : await sendMark(actor, stage, mark, listener);
    if (id !== undefined) marks.set(id, actor);
  }
  const addresses = mayAsk(stage, listener) ? [stage.server.domain, ...listener.addressed] : [];
  if (marks.size + addresses.length === 0)
    throw new Error(`nobody can prove that nothing is on its way to ${listener.name}`);
  const came = await waitForMarks(listener, marks);
  for (const [index, address] of addresses.entries()) {
    came.push(...(await ping(listener, address, `${mark}-${index}`)));
  }
  return came.filter(
    (event) => !(event.kind === "element" && (isMark(event.element) || listener.answers(event.element))),
  );
}

/**
 * Gives what came until all marks are there; those of several senders come in whatever order. A server or component whose
 * stream has been ended needs none: all that it sent has been processed as far as it ever will be.
 */
async function waitForMarks({ connection, name }: Actor, marks: Map<string, Actor>): Promise<StreamEvent[]> {
  const came: StreamEvent[] = [];
  while (marks.size > 0) {
    await Promise.race([connection.hasEvent(), ...[...marks.values()].map((sender) => sender.connection.ended)]);
    const event = (await connection.hasEvent(0)) ? await connection.next() : undefined;
    const ids = [...marks].filter(([id, sender]) =>
      event === undefined ? sender.character.kind !== "Client" && sender.connection.hasEnded : isOf(event, id),
    );
    for (const [id] of ids) marks.delete(id);
    if (event !== undefined) came.push(event);
    else if (ids.length === 0) throw new TooLate(`${name} still waits for a mark of everybody else`);
    if (event?.kind === "connection-end") throw new Error(`${name}'s connection ended: ${event.reason}`);
  }
  return came;
}

function isOf(event: StreamEvent, mark: string): boolean {
  return event.kind === "element" && event.element.attributes.get("id")?.startsWith(mark) === true;
}

/** Gives the id of what will reach the listener, or nothing when the actor can have sent nothing to anybody. */
async function sendMark(actor: Actor, stage: Stage, mark: string, listener: Actor): Promise<string | undefined> {
  if (!isReachable(actor)) return undefined;
  if (actor.character.kind === "Client") {
    return (await hasRoundTrip(actor, stage, mark, listener)) ? `${mark}-${actor.account.localpart}` : undefined;
  }
  const id = `${mark}-${actor.account.domain}`;
  if (actor.account.domain === listener.account.domain) actor.send(pingFrom(actor, stage.server.domain, id));
  else if (!listener.isServer || !actor.isServer) actor.send(resultFrom(actor, listener, id));
  else return undefined; // servers do not pass on what one other server sends to another
  return id;
}

/** A client that is logged in, or a server or component whose stanzas are taken. */
function isReachable(actor: Actor): boolean {
  const isReady = actor.character.kind === "Client" ? actor.fullJid !== undefined : actor.isTrusted;
  return isReady && actor.isConnected && actor.character.properties.get("barrier") !== "none";
}

/** Whether an answer to the listener comes on the stream on which it asks. */
function mayAsk(stage: Stage, listener: Actor): boolean {
  if (!listener.isServer) return true;
  const others = [...stage.actors.values()].filter((actor) => actor !== listener && actor.isConnected);
  return listener.isTrusted && !others.some(({ account }) => account.domain === listener.account.domain);
}

function resultFrom(actor: Actor, listener: Actor, id: string): string {
  return `<iq type='result' id='${id}' from='${actor.bareJid}' to='${listener.fullJid ?? listener.bareJid}'/>`;
}

/** Servers and components say who they are; clients need not. */
function pingFrom(actor: Actor, address: string, id: string): string {
  const from = actor.account.localpart === "" ? ` from='${actor.bareJid}'` : "";
  return `<iq type='get' id='${id}'${from} to='${address}'><ping xmlns='${NS.ping}'/></iq>`;
}

/** False when the server has ended the actor's stream: then it has processed all that it is going to. */
async function hasRoundTrip(actor: Actor, stage: Stage, mark: string, listener: Actor): Promise<boolean> {
  const id = `${mark}-${actor.account.localpart}-${actor.fullJid ?? ""}`;
  const rooms = [...actor.addressed].filter((address) => stage.isRoom(address));
  for (const [index, room] of rooms.entries()) {
    actor.connection.putBack(await ping(actor, room, `${mark}-room-${index}`));
  }
  actor.send(`<iq type='result' id='${id}' to='${listener.fullJid ?? listener.bareJid}'/>`);
  try {
    actor.connection.putBack(await ping(actor, stage.server.domain, `${mark}-ping`));
    return true;
  } catch (error) {
    if (error instanceof TooLate) throw error;
    actor.isConnected = false;
    return false;
  }
}

/** An answer shows that all has been done that was sent to the address before. Gives what came until then. */
export async function ping(actor: Actor, address: string, id: string): Promise<StreamEvent[]> {
  actor.send(pingFrom(actor, address, id));
  return actor.waitFor((stanza) => stanza.attributes.get("id") === id, `the answer of ${address} to a ping`);
}

/** What the runner itself caused. */
function isMark(stanza: XmlElement): boolean {
  return stanza.attributes.get("id")?.startsWith("settled-") === true;
}
