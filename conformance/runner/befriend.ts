// Makes two accounts contacts of each other before a scene begins, by sessions of its own.
import { Connection } from "../client/connection.js";
import { logIn } from "../client/log-in.js";
import type { Character } from "../scene/scene.js";
import { Actor } from "./actor.js";
import type { Stage } from "./stage.js";

/**
 * Goes through the handshake of RFC 6121 §3.1 on both sides. With `to` only the first subscribes to the second;
 * with `both` also the other way round. Both rosters are settled when it is done.
 */
export async function befriend(stage: Stage, first: Actor, second: Actor, result: "to" | "both"): Promise<void> {
  const one = await understudy(stage, first);
  const other = await understudy(stage, second);
  await subscribe(one, other);
  if (result === "both") await subscribe(other, one);
  for (const actor of [one, other]) await leave(actor);
}

/** A second session of the same account, with roster and presence. */
async function understudy(stage: Stage, actor: Actor): Promise<Actor> {
  const character: Character = { ...actor.character, name: `${actor.name}'s understudy`, kind: "Client" };
  const second = new Actor(character, actor.account, stage.patience);
  second.connection = new Connection(stage.patience);
  second.fullJid = await logIn(second.connection, stage.server, actor.account, { kind: "tcp" });
  second.send("<iq type='get' id='understudy'><query xmlns='jabber:iq:roster'/></iq>");
  await second.waitFor(({ attributes }) => attributes.get("id") === "understudy", "the roster");
  second.send("<presence/>");
  await second.waitFor(({ attributes }) => attributes.get("from") === second.fullJid, "their own presence");
  return second;
}

async function subscribe(user: Actor, contact: Actor): Promise<void> {
  user.send(`<presence type='subscribe' to='${contact.bareJid}'/>`);
  await waitForPresence(contact, "subscribe", user.bareJid);
  contact.send(`<presence type='subscribed' to='${user.bareJid}'/>`);
  await waitForPresence(user, "subscribed", contact.bareJid);
  await waitForPresence(user, undefined, contact.fullJid ?? "");
}

async function waitForPresence(actor: Actor, type: string | undefined, from: string): Promise<void> {
  await actor.waitFor(
    ({ name, attributes }) => name === "presence" && attributes.get("type") === type && attributes.get("from") === from,
    `presence ${type ?? "available"} from ${from}`,
  );
}

async function leave(actor: Actor): Promise<void> {
  actor.send("</stream:stream>");
  for (;;) {
    const { kind } = await actor.connection.next();
    if (kind === "stream-end" || kind === "connection-end") break;
  }
  actor.connection.close();
}
