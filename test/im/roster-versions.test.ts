// Roster versioning: RFC 6121 §2.6.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Jid } from "../../src/jid/jid.js";
import type { Client } from "../support/client.js";
import { playServer, type Stage } from "../support/play-server.js";
import { fetchesRoster, isPushed, roster, says, sets } from "./rosters.js";

const item = (user: string, name = ""): string => `<item jid='${user}@verona.example' name='${name}'/>`;
const pushed = (user: string, more = ""): string => `<item jid='${user}@verona.example' subscription='none' ${more}/>`;

/** Juliet has listed the nurse (version 1), Romeo (2) and Paris (3), and has logged out. */
async function household(t: Parameters<typeof playServer>[0]): Promise<Stage> {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  for (const user of ["nurse", "romeo", "paris"]) await sets(juliet, item(user));
  await juliet.leaves();
  return stage;
}

/** Asks with a version, so that the order of answer and pushes shows. */
function asksWith(client: Client, version: string): void {
  client.send(`<iq type='get' id='r1'>${roster("", `ver='${version}'`)}</iq>`);
}

function isUpToDate(client: Client): Promise<unknown> {
  return client.receives(`<iq type='result' id='r1' from='${client.bareJid}' to='${client.jid}'/>`);
}

test("the feature is announced after login (§2.6.1)", async (t) => {
  const stage = await playServer(t);
  await stage.account("juliet");
  const juliet = stage.connect();
  assert.equal((await juliet.opensStream()).getChild("ver"), undefined);
  assert.ok((await juliet.authenticates("juliet", "juliet")).getChild("ver", "urn:xmpp:features:rosterver"));
});

test("the version is told with every roster and every push, asked for or not (§2.6.3)", async (t) => {
  const stage = await household(t);
  const juliet = await stage.login("juliet");
  const answer = await juliet.asks("get", roster());
  assert.equal(answer.getChild("query")?.attrs["ver"], "3");
  await sets(juliet, item("nurse", "Angelica"));
  await isPushed(juliet, pushed("nurse", "name='Angelica'"), 4);
  await sets(juliet, "<item jid='paris@verona.example' subscription='remove'/>");
  await isPushed(juliet, "<item jid='paris@verona.example' subscription='remove'/>", 5);
});

test("whoever is up to date gets an empty result, and is pushed what changes from then on", async (t) => {
  const stage = await household(t);
  const juliet = await stage.login("juliet");
  asksWith(juliet, "3");
  await isUpToDate(juliet);
  await stage.receiveNothing(juliet);
  await sets(juliet, item("tybalt"));
  await isPushed(juliet, pushed("tybalt"), 4);
});

test("whoever is behind gets an empty result, and then one push for each item that changed, in order", async (t) => {
  const stage = await household(t);
  const chamber = await stage.login("juliet", "chamber");
  await sets(chamber, item("nurse", "Angelica"));
  await sets(chamber, item("romeo", "Montague"));
  await sets(chamber, item("nurse", "Amme"));
  const balcony = await stage.login("juliet", "balcony");
  asksWith(balcony, "2");
  await isUpToDate(balcony);
  await isPushed(balcony, pushed("paris"), 3);
  await isPushed(balcony, pushed("romeo", "name='Montague'"), 5);
  await isPushed(balcony, pushed("nurse", "name='Amme'"), 6);
  await stage.receiveNothing(balcony, chamber);
});

test("a removal can't be pushed afterwards: who has missed one gets the whole roster", async (t) => {
  const stage = await household(t);
  const chamber = await stage.login("juliet", "chamber");
  await sets(chamber, "<item jid='paris@verona.example' subscription='remove'/>");
  await sets(chamber, item("tybalt"));
  const balcony = await stage.login("juliet", "balcony");
  asksWith(balcony, "3");
  const answer = await balcony.next();
  assert.equal(answer.getChild("query")?.attrs["ver"], "5");
  assert.equal(answer.getChild("query")?.getChildren("item").length, 3);
  asksWith(balcony, "4");
  await isUpToDate(balcony);
  await isPushed(balcony, pushed("tybalt"), 5);
  await stage.receiveNothing(balcony);
});

test("this holds after the account has been read from storage anew, too", async (t) => {
  const stage = await household(t);
  const chamber = await stage.login("juliet", "chamber");
  await sets(chamber, "<item jid='paris@verona.example' subscription='remove'/>");
  await chamber.leaves();
  await stage.settle();
  stage.router.hosts.get("verona.example")?.accounts.invalidate(Jid.parse("juliet@verona.example"));
  const balcony = await stage.login("juliet", "balcony");
  asksWith(balcony, "4");
  await isUpToDate(balcony);
  asksWith(balcony, "3");
  assert.equal((await balcony.next()).getChild("query")?.getChildren("item").length, 2);
  await sets(balcony, item("tybalt"));
  await isPushed(balcony, pushed("tybalt"), 5);
});

for (const version of ["", "4", "99999999999999999999", "ver14", "-1", "2.5", " 3"]) {
  test(`the version '${version}' says nothing: the answer is the whole roster (§2.6.2)`, async (t) => {
    const stage = await household(t);
    const juliet = await stage.login("juliet");
    asksWith(juliet, version);
    const query = (await juliet.next()).getChild("query");
    assert.equal(query?.attrs["ver"], "3");
    assert.equal(query.getChildren("item").length, 3);
    await stage.receiveNothing(juliet);
  });
}

test("an empty roster that has never changed is up to date at version 0", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  asksWith(juliet, "0");
  await isUpToDate(juliet);
});

test("what no client sees does not make a new version: a request that waits for its answer (§2.6.3)", async (t) => {
  const stage = await household(t);
  const juliet = await stage.enter("juliet");
  await fetchesRoster(juliet);
  says(await stage.login("benvolio"), "subscribe", "juliet@verona.example");
  await juliet.next();
  asksWith(juliet, "3");
  await isUpToDate(juliet);
  await stage.receiveNothing(juliet);
});

for (const version of ["", "ver='1'", "ver='3'"]) {
  const how = version === "" ? "no version" : version;
  test(`changes that are made while a roster waits for the disk are pushed behind it; asked with ${how}`, async (t) => {
    const stage = await household(t);
    const chamber = await stage.login("juliet", "chamber");
    await fetchesRoster(chamber);
    const balcony = await stage.login("juliet", "balcony");
    const release = holdWrites(stage);
    says(chamber, "subscribe", "benvolio@verona.example");
    balcony.send(`<iq type='get' id='r1'>${roster("", version)}</iq>`);
    says(chamber, "subscribe", "tybalt@verona.example");
    await stage.receiveNothing(balcony, chamber);
    release();

    const answer = await balcony.next();
    assert.deepEqual([answer.attrs["id"], answer.attrs["type"]], ["r1", "result"]);
    const query = answer.getChild("query");
    assert.deepEqual(
      [query?.attrs["ver"], query?.getChildren("item").length],
      version === "" ? ["4", 4] : [undefined, undefined],
    );
    if (version === "ver='1'") await isPushed(balcony, pushed("romeo"), 2);
    if (version === "ver='1'") await isPushed(balcony, pushed("paris"), 3);
    if (version !== "") await isPushed(balcony, pushed("benvolio", "ask='subscribe'"), 4);
    await isPushed(chamber, pushed("benvolio", "ask='subscribe'"), 4);
    for (const client of [balcony, chamber]) await isPushed(client, pushed("tybalt", "ask='subscribe'"), 5);
    await stage.receiveNothing(balcony, chamber);
  });
}

/** Roster items are not written until the returned function is called; then in order. */
function holdWrites({ storage }: Stage): () => void {
  const put = storage.roster.put.bind(storage.roster);
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  storage.roster.put = async (...write) => {
    await released;
    await put(...write);
  };
  return release;
}
