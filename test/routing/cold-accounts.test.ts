// Stanzas for an account that is not in memory: in order, bounded, and not lost when it can't be read.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { type Client, conditionOf } from "../support/client.js";
import { playServer, type Stage } from "../support/play-server.js";
import { hears } from "../im/rosters.js";

const JULIET = "juliet@verona.example";
const ping = "<ping xmlns='urn:xmpp:ping'/>";

interface House {
  readonly stage: Stage;
  readonly romeo: Client;
  /** Lets the reads of Juliet's account go on, or fail; later ones wait again. */
  readonly open: (failure?: Error) => void;
}

/** Romeo is there; whoever wants to read Juliet's account has to wait. */
async function lockedHouse(t: TestContext, config = ""): Promise<House> {
  const stage = await playServer(t, { config });
  await stage.account("juliet");
  const romeo = await stage.login("romeo");
  const { accounts } = stage.storage;
  const load = accounts.load.bind(accounts);
  let waiting: ((failure?: Error) => void)[] = [];
  accounts.load = async (key, hot) => {
    const failure = key.user === "juliet" ? await new Promise<Error | undefined>((go) => waiting.push(go)) : undefined;
    if (failure !== undefined) throw failure;
    return load(key, hot);
  };
  const open = (failure?: Error): void => {
    for (const go of waiting) go(failure);
    waiting = [];
  };
  return { stage, romeo, open };
}

function message(id: number | string): string {
  return `<message to='${JULIET}' id='${id}' type='chat'><body>O</body></message>`;
}

/** A login that has come as far as binding. */
async function knocks(stage: Stage): Promise<Client> {
  const juliet = stage.connect();
  await juliet.opensStream();
  await juliet.authenticates("juliet", "juliet");
  return juliet;
}

test("all that comes while the account is read is handled in order, the login among it", async (t) => {
  const { stage, romeo, open } = await lockedHouse(t);
  const juliet = await knocks(stage);
  romeo.send(message(1), `<presence to='${JULIET}' type='subscribe'/>`, message(2));
  const isBound = juliet.binds("balcony");
  juliet.send("<presence><priority>1</priority></presence>"); // waits for its turn behind the binding
  romeo.send(message(3));
  await romeo.makesRoundTrip();
  assert.deepEqual(juliet.unexpected, []);
  open();
  await isBound;
  await juliet.receives(`<presence from='${juliet.jid}' to='${JULIET}'><priority>1</priority></presence>`);
  await hears(juliet, "subscribe", "romeo@verona.example");
  for (const id of ["1", "2", "3"]) assert.equal((await juliet.next()).attrs["id"], id);
  await stage.receiveNothing(juliet, romeo);
});

test("available and unavailable presence does not wait: it is not kept for anybody", async (t) => {
  const { stage, romeo } = await lockedHouse(t);
  romeo.send(`<presence to='${JULIET}'/>`, `<presence to='${JULIET}/balcony' type='unavailable'/>`);
  await romeo.makesRoundTrip();
  assert.equal(stage.router.hosts.get("verona.example")?.accounts.size, 1);
});

test("a thousand stanzas may wait, the next one comes back, and those that waited are kept", async (t) => {
  const { stage, romeo, open } = await lockedHouse(t);
  for (let id = 1; id <= 1001; id += 1) romeo.send(message(id));
  const error = await romeo.next();
  assert.deepEqual([error.attrs["id"], conditionOf(error)], ["1001", "resource-constraint"]);
  open();
  await stage.settle();
  assert.equal(await stage.storage.offline.count({ host: "verona.example", user: "juliet" }), 1000);
  await stage.receiveNothing(romeo);
});

test("an account that can't be read is not taken for nobody: senders and the login get an error, contacts stay", async (t) => {
  const { stage, romeo, open } = await lockedHouse(t);
  const state = { name: "", isAsking: false, isApproved: false, groups: [], version: 1, subscription: "to" } as const;
  await stage.account("nurse");
  await stage.storage.roster.put({ host: "verona.example", user: "nurse" }, { ...state, jid: JULIET });
  const nurse = await stage.enter("nurse"); // asks for Juliet's presence
  const juliet = await knocks(stage);
  romeo.send(message(1));
  const answer = romeo.asks("get", ping, JULIET);
  const bound = juliet.asks("set", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>");
  open(new Error("The disk is on fire."));
  assert.equal(conditionOf(await romeo.next()), "internal-server-error");
  assert.equal(conditionOf(await answer), "internal-server-error");
  assert.equal(conditionOf(await bound), "internal-server-error");
  await stage.receiveNothing(romeo, nurse);
  assert.equal(stage.errors.splice(0).length, 1);
  const roster = await nurse.asks("get", "<query xmlns='jabber:iq:roster'/>");
  assert.equal(roster.getChild("query")?.getChild("item")?.attrs["subscription"], "to");

  const again = juliet.binds("balcony");
  open();
  await again;
  await juliet.becomesAvailable();
  await stage.receiveNothing(juliet);
});

test("whoever gives up before the account has been read is not logged in", async (t) => {
  const { stage, open } = await lockedHouse(t);
  const juliet = await knocks(stage);
  const bound = juliet.asks("set", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>");
  bound.catch(() => undefined);
  juliet.transport.clientVanishes();
  await stage.settle();
  open();
  await stage.settle();
  assert.equal(stage.router.hosts.get("verona.example")?.sessions.size, 1);
});
