// Messages by the table of RFC 6121 §8.5.4, row by row.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Client, conditionOf } from "../support/client.js";
import { playServer, type Stage } from "../support/play-server.js";

const JULIET = "juliet@verona.example";
const types = ["normal", "chat", "groupchat", "headline", "error", undefined, "sonnet"] as const;
type Type = "normal" | "chat" | "groupchat" | "headline" | "error" | "none" | "unknown";

/**
 * D: delivered to the resource that is addressed. A: to all resources of non-negative priority. O: stored offline. E: comes
 * back with an error. S: ignored in silence.
 */
type Fate = "D" | "A" | "O" | "E" | "S";

/** The resources that are there, and their priorities; undefined: connected without presence. */
type House = Readonly<Record<string, number | undefined>>;

interface Row {
  readonly house: House | undefined;
  readonly to: string;
  /** Of normal messages (those without a type and those of an unknown one are such), chat, groupchat, headline, error. */
  readonly fates: readonly [normal: Fate, chat: Fate, groupchat: Fate, headline: Fate, error: Fate];
}

const nobody = undefined;
const away: House = {};
const connected: House = { balcony: undefined };
const negative: House = { balcony: -1 };
const one: House = { balcony: 0 };
const several: House = { balcony: 5, chamber: 0, garden: -5, crypt: undefined };

const rows: Readonly<Record<string, Row>> = {
  "no such account, bare": { house: nobody, to: "", fates: ["E", "E", "E", "S", "S"] },
  "no such account, full": { house: nobody, to: "/balcony", fates: ["E", "E", "E", "E", "S"] },
  "no resource, bare": { house: away, to: "", fates: ["O", "O", "E", "S", "S"] },
  "no resource, full": { house: away, to: "/balcony", fates: ["E", "O", "E", "E", "S"] },
  "one connected resource, bare": { house: connected, to: "", fates: ["O", "O", "E", "S", "S"] },
  "one connected resource, full match": { house: connected, to: "/balcony", fates: ["D", "D", "D", "D", "D"] },
  "one connected resource, full no match": { house: connected, to: "/attic", fates: ["E", "O", "E", "E", "S"] },
  "one negative resource, bare": { house: negative, to: "", fates: ["O", "O", "E", "S", "S"] },
  "one negative resource, full match": { house: negative, to: "/balcony", fates: ["D", "D", "D", "D", "D"] },
  "one negative resource, full no match": { house: negative, to: "/attic", fates: ["E", "O", "E", "E", "S"] },
  "one resource, bare": { house: one, to: "", fates: ["A", "A", "E", "A", "S"] },
  "one resource, full match": { house: one, to: "/balcony", fates: ["D", "D", "D", "D", "D"] },
  "one resource, full no match": { house: one, to: "/attic", fates: ["E", "A", "E", "E", "S"] },
  "several resources, bare": { house: several, to: "", fates: ["A", "A", "E", "A", "S"] },
  "several resources, full match": { house: several, to: "/chamber", fates: ["D", "D", "D", "D", "D"] },
  "several resources, full match of a negative one": { house: several, to: "/garden", fates: ["D", "D", "D", "D", "D"] },
  "several resources, full match of a connected one": { house: several, to: "/crypt", fates: ["D", "D", "D", "D", "D"] },
  "several resources, full no match": { house: several, to: "/attic", fates: ["E", "A", "E", "E", "S"] },
}; // prettier-ignore

for (const [name, row] of Object.entries(rows)) {
  test(`${name}`, async (t) => {
    const stage = await playServer(t);
    const romeo = await stage.login("romeo");
    const residents = await furnish(stage, row.house);
    const [normal, chat, groupchat, headline, error] = row.fates;
    const fates: Readonly<Record<Type, Fate>> = { normal, chat, groupchat, headline, error, none: normal, unknown: normal };
    for (const type of types) {
      const written = type === undefined ? "" : ` type='${type}'`;
      romeo.send(`<message to='${JULIET}${row.to}' id='m1'${written}><body>${row.to}</body></message>`);
      const fate = fates[type === undefined ? "none" : type === "sonnet" ? "unknown" : type];
      assert.equal(await fateOf(stage, romeo, residents, `${JULIET}${row.to}`), fate, type ?? "no type");
    }
  }); // prettier-ignore
}

test("messages that are delivered keep the address they were written to (§8.5.2.1.1)", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const juliet = await stage.enter("juliet", "balcony");
  for (const to of [JULIET, juliet.jid, `${JULIET}/attic`]) {
    romeo.send(`<message to='${to}' type='chat' id='m1'><body>O</body></message>`);
    await juliet.receives(`<message from='${romeo.jid}' to='${to}' type='chat' id='m1'><body>O</body></message>`);
  }
});

test("a change of priority counts from the next message on", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const juliet = await stage.enter("juliet", "balcony");
  romeo.send(`<message to='${JULIET}' id='1'><body>O</body></message>`);
  assert.equal((await juliet.next()).attrs["id"], "1");
  await juliet.becomesAvailable(-1);
  romeo.send(`<message to='${JULIET}' id='2'><body>O</body></message>`);
  await stage.receiveNothing(juliet);
  await juliet.becomesAvailable(1);
  assert.equal((await juliet.next()).attrs["id"], "2");
  juliet.send("<presence type='unavailable'/>");
  await juliet.next();
  romeo.send(`<message to='${JULIET}' id='3'><body>O</body></message>`);
  await stage.receiveNothing(juliet);
  await juliet.becomesAvailable(1);
  assert.equal((await juliet.next()).attrs["id"], "3");
});

/** Lets the residents come in, unless there is no such account. */
async function furnish(stage: Stage, house: House | undefined): Promise<ReadonlyMap<string, Client>> {
  if (house === undefined) return new Map();
  await stage.account("juliet");
  const residents = new Map<string, Client>();
  for (const resource of Object.keys(house)) residents.set(resource, await stage.login("juliet", resource));
  for (const [resource, client] of residents) {
    if (house[resource] !== undefined) client.send(`<presence><priority>${house[resource]}</priority></presence>`);
  }
  await stage.settle();
  for (const client of residents.values()) while (client.unexpected.length > 0) await client.next();
  return residents;
}

/** What became of the message; everybody who got it has read it then. */
async function fateOf(stage: Stage, romeo: Client, residents: ReadonlyMap<string, Client>, to: string): Promise<Fate> {
  await stage.settle();
  const got = [...residents].filter(([, client]) => client.unexpected.length > 0).map(([resource]) => resource);
  for (const resource of got) assert.equal((await residents.get(resource)?.next())?.attrs["to"], to);
  const key = { host: "verona.example", user: "juliet" };
  const stored = await stage.storage.offline.read(key, 0, 10);
  await stage.storage.offline.removeThrough(key, stored.at(-1)?.sequence ?? 0);
  const isRefused = romeo.unexpected.length > 0 && conditionOf(await romeo.next()) === "service-unavailable";
  const fates: Fate[] = [...(stored.length === 1 ? ["O" as const] : []), ...(isRefused ? ["E" as const] : [])];
  if (got.length > 0) fates.push(to.endsWith(`/${got.join()}`) ? "D" : "A");
  if (fates.at(-1) === "A")
    assert.deepEqual(
      got,
      ["balcony", "chamber"].filter((resource) => residents.has(resource)),
    );
  assert.ok(fates.length <= 1, fates.join());
  return fates[0] ?? "S";
}
