// What the transcripts of rosters and subscriptions have in common.
import assert from "node:assert/strict";
import type { Element } from "../../src/xml/element.js";
import type { Client } from "../support/client.js";

/** The roster's query around items. */
export function roster(items = "", attributes = ""): string {
  return `<query xmlns='jabber:iq:roster' ${attributes}>${items}</query>`;
}

/** Gets the roster, which makes the session an interested one; its items as text. */
export async function fetchesRoster(client: Client): Promise<string[]> {
  const answer = await client.asks("get", roster());
  assert.equal(answer.attrs["type"], "result");
  return itemsIn(answer);
}

/** A roster set that must succeed. */
export function sets(client: Client, item: string): Promise<void> {
  return client.gets("set", roster(item));
}

/** Waits for the push of an item, with any version or the one given. */
export function isPushed(client: Client, item: string, version: number | "{any}" = "{any}"): Promise<Element> {
  return client.receives(`<iq to='${client.jid}' type='set' id='{any}'>${roster(item, `ver='${version}'`)}</iq>`);
}

/** Sends a subscription stanza to a bare JID. */
export function says(client: Client, type: string, to: string, content = ""): void {
  client.send(`<presence type='${type}' to='${to}'>${content}</presence>`);
}

/** Waits for a subscription stanza. */
export function hears(client: Client, type: string, from: string, content = ""): Promise<Element> {
  return client.receives(`<presence from='${from}' to='${client.bareJid}' type='${type}'>${content}</presence>`);
}

/** Waits for a presence, whatever it says: "" for an available one. */
export async function sees(client: Client, from: string, type: "" | "unavailable", to = client.bareJid): Promise<void> {
  const { name, attrs } = await client.next();
  const actual = [name, attrs["from"], attrs["to"], attrs["type"]];
  assert.deepEqual(actual, ["presence", from, to, type === "" ? undefined : type]);
}

/** The items of a roster result, one line each: address, subscription, and what else there is to say. */
function itemsIn(answer: Element): string[] {
  const items = answer.getChild("query")?.getChildren("item") ?? [];
  return items.map((item) => {
    const { jid, subscription, name, ask, approved } = item.attrs as Record<string, string | undefined>;
    const groups = item.getChildren("group").map((group) => `#${group.getText()}`);
    const more = [name, ask && "asking", approved && "approved", ...groups].filter((word) => word !== undefined);
    return [jid, subscription, ...more].join(" ");
  });
}
