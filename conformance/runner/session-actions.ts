// Actions of a whole session: connecting, leaving, and the customs at its beginning.
import { bindResource, logIn } from "../client/log-in.js";
import { childOf, NS } from "../xml/element.js";
import type { Action, Cue } from "./action.js";
import { befriend } from "./befriend.js";
import { connectTo } from "./lines.js";

export const sessionActions: readonly Action[] = [
  [/^connects$/, connects],
  [/^disconnects$/, disconnects],
  [/^drops the connection$/, ({ actor }) => leave(actor)],
  [/^binds(?: the resource (.+))?$/, binds],
  [/^becomes available$/, becomesAvailable],
  [/^fetches the roster$/, fetchesTheRoster],
  [/^befriends (.+)$/, ({ stage, actor, words }) => befriend(stage, actor, stage.actor(words[0] ?? ""), "both")],
  [/^is subscribed to (.+)$/, ({ stage, actor, words }) => befriend(stage, actor, stage.actor(words[0] ?? ""), "to")],
];

async function connects({ stage, actor }: Cue): Promise<void> {
  const { kind, properties } = actor.character;
  if (kind !== "Client" && kind !== "Browser") return connectTo(stage, actor);
  actor.reconnect();
  actor.isConnected = true;
  const resource = properties.get("resource") ?? /\/(.*)$/s.exec(properties.get("jid") ?? "")?.[1];
  const wish = resource === "none" ? undefined : resource;
  const options = { kind: actor.transportKind, resource: wish, mechanism: properties.get("mechanism") };
  stage.bound(actor, await logIn(actor.connection, stage.server, actor.account, options));
  actor.connection.transcript.splice(0, Infinity, `· is ${actor.fullJid ?? ""}`);
}

/** Closes the stream and waits for the server to do so too. */
async function disconnects({ actor }: Cue): Promise<void> {
  actor.connection.send(actor.connection.wire.isFramed ? `<close xmlns='${NS.framing}'/>` : "</stream:stream>");
  for (;;) {
    const { kind } = await actor.connection.next();
    if (kind === "stream-end" || kind === "connection-end") break;
  }
  leave(actor);
}

function leave(actor: Cue["actor"]): void {
  actor.connection.close();
  actor.isConnected = actor.isTrusted = false;
}

async function binds({ stage, actor, words }: Cue): Promise<void> {
  stage.bound(actor, await bindResource(actor.connection, words[0]));
}

/** Initial presence, until the server gives it back (RFC 6121 §4.2.2); whatever comes before it stays to be received. */
async function becomesAvailable({ actor }: Cue): Promise<void> {
  actor.send("<presence/>");
  const before = await actor.waitFor(
    ({ name, attributes }) =>
      name === "presence" && attributes.get("from") === actor.fullJid && !attributes.has("type"),
    "their own presence",
  );
  actor.connection.putBack(before);
}

async function fetchesTheRoster({ actor, stage }: Cue): Promise<void> {
  const id = `roster-${stage.variables.nextNumber()}`;
  actor.send(`<iq type='get' id='${id}'><query xmlns='jabber:iq:roster'/></iq>`);
  const before = await actor.waitFor(
    (stanza) => stanza.attributes.get("id") === id && childOf(stanza, "query", "jabber:iq:roster") !== undefined,
    "the roster",
  );
  actor.connection.putBack(before);
}
