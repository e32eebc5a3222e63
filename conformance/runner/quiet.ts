// Proves that nothing is on its way: round trips that everything already sent must have overtaken (RFC 6120 §10.1).
import { TooLate } from "../client/connection.js";
import { NS, type XmlElement } from "../xml/element.js";
import type { StreamEvent } from "../xml/stream-reader.js";
import type { Actor } from "./actor.js";
import type { Stage } from "./stage.js";

/**
 * Waits until everything that anybody sent has been processed and has reached the listener. Every other actor has a
 * ping answered by the server, and sends the listener an IQ result, which must be delivered (RFC 6121 §8.5.3.1) and may not
 * overtake what they sent before. Then the listener has pings answered by the server and by all whom they wrote to.
 * Gives what reached the listener meanwhile.
 */
export async function settle(stage: Stage, listener: Actor): Promise<StreamEvent[]> {
  const mark = `settled-${stage.variables.nextNumber()}`;
  const others: Actor[] = [];
  for (const actor of stage.actors.values()) {
    if (actor !== listener && isReachable(actor) && (await hasRoundTrip(actor, stage, mark, listener)))
      others.push(actor);
  }
  const came: StreamEvent[] = [];
  for (const actor of others) {
    const id = `${mark}-${actor.account.localpart}`;
    came.push(
      ...(await listener.waitFor(
        (stanza) => stanza.attributes.get("id")?.startsWith(id) === true,
        `the mark of ${actor.name}`,
      )),
    );
  }
  for (const [index, address] of [stage.server.domain, ...listener.addressed].entries()) {
    came.push(...(await ping(listener, address, `${mark}-${index}`)));
  }
  return came.filter((event) => !(event.kind === "element" && isMark(event.element)));
}

function isReachable(actor: Actor): boolean {
  return actor.fullJid !== undefined && actor.isConnected && actor.character.properties.get("barrier") !== "none";
}

/** False when the server has ended the actor's stream: then it has processed all that it is going to. */
async function hasRoundTrip(actor: Actor, stage: Stage, mark: string, listener: Actor): Promise<boolean> {
  const id = `${mark}-${actor.account.localpart}-${actor.fullJid ?? ""}`;
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

async function ping(actor: Actor, address: string, id: string): Promise<StreamEvent[]> {
  actor.send(`<iq type='get' id='${id}' to='${address}'><ping xmlns='${NS.ping}'/></iq>`);
  return actor.waitFor((stanza) => stanza.attributes.get("id") === id, `the answer of ${address} to a ping`);
}

/** What the runner itself caused. */
function isMark(stanza: XmlElement): boolean {
  return stanza.attributes.get("id")?.startsWith("settled-") === true;
}
