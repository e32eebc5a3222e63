// Occupants of other servers who are gone without a word: found out and shown leaving (XEP-0045 §11.1, §16.1.2).
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Element } from "../../../src/xml/element.js";
import { RemoteDomain } from "../../support/remote-domain.js";
import { arrivals, garden, muc, type Party, party, roomGoesOn, says, spoken } from "../../support/rooms.js";

const apothecary = "apothecary@mantua.example/shop";
const config = `[extensions.rooms]\ncheck_occupants = '10m'\n[clients]\nidle_timeout = '1d'\n[extensions.ping]\nenabled = false`;

/** The apothecary, of another server, is in the room, too. */
async function withApothecary(t: Parameters<typeof party>[0]): Promise<Party & { readonly mantua: RemoteDomain }> {
  const all = await party(t, { config });
  const mantua = new RemoteDomain(all.stage, "mantua.example");
  mantua.sends(`<presence from='${apothecary}' to='${garden}/Apothecary'>${muc}</presence>`);
  await mantua.arrivals();
  for (const client of all.everybody) await arrivals(all.stage, client);
  return { ...all, mantua };
}

function error(to: string, condition: string, kind = "message"): string {
  const reason = `<error type='cancel'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
  return `<${kind} type='error' from='${apothecary}' to='${to}'>${reason}</${kind}>`;
}

function isGone(stanza: Element | undefined): void {
  assert.deepEqual([stanza?.attrs["from"], stanza?.attrs["type"]], [`${garden}/Apothecary`, "unavailable"]);
  assert.match(String(stanza), /<status code="333"\/>/);
}

for (const condition of [
  "gone",
  "item-not-found",
  "recipient-unavailable",
  "remote-server-not-found",
  "remote-server-timeout",
  "service-unavailable",
]) {
  for (const kind of ["message", "presence"]) {
    test(`a ${kind} that comes back with ${condition} says that they are gone`, async (t) => {
      const { stage, juliet, everybody, mantua } = await withApothecary(t);
      mantua.sends(error(kind === "message" ? garden : `${garden}/Romeo`, condition, kind));
      const [told] = await arrivals(stage, juliet);
      isGone(told);
      await mantua.arrivals();
      await roomGoesOn(stage, juliet, everybody);
      assert.deepEqual((await mantua.arrivals()).map(String), []);
    });
  }
}

test("whoever was put out so comes back as one occupant, and has what was said meanwhile", async (t) => {
  const { stage, juliet, everybody, mantua } = await withApothecary(t);
  mantua.sends(error(garden, "remote-server-timeout"));
  for (const client of everybody) isGone((await arrivals(stage, client))[0]);
  says(juliet, "Gone?");
  await mantua.arrivals();
  const self = `<iq type='get' id='p1' from='${apothecary}' to='${garden}/Apothecary'><ping xmlns='urn:xmpp:ping'/></iq>`;
  mantua.sends(self);
  assert.match((await mantua.arrivals()).join(), /<not-acceptable /, "XEP-0410: it learns that it is out");
  for (const client of everybody) await arrivals(stage, client);
  const muc = "<x xmlns='http://jabber.org/protocol/muc'/>";
  mantua.sends(`<presence from='${apothecary}' to='${garden}/Apothecary'>${muc}</presence>`);
  const seen = await mantua.arrivals();
  const present = seen.filter(({ name }) => name === "presence").map(({ attrs }) => String(attrs["from"]));
  assert.deepEqual(present, ["Capulet", "Romeo", "Juliet", "Apothecary"].map((nick) => `${garden}/${nick}`)); // prettier-ignore
  assert.deepEqual(spoken(seen), ["Gone?"]);
  for (const client of everybody) {
    const [back, ...more] = await arrivals(stage, client);
    assert.deepEqual([back?.attrs["from"], back?.attrs["type"]], [`${garden}/Apothecary`, undefined]);
    assert.deepEqual(more.map(String), []);
  }
  await roomGoesOn(stage, juliet, everybody);
  assert.deepEqual(spoken(await mantua.arrivals()), ["The room goes on."]);
});

test("other errors say nothing of the sort, nor do those of people who are not in the room", async (t) => {
  const { stage, juliet, everybody, mantua } = await withApothecary(t);
  for (const condition of ["not-acceptable", "policy-violation", "feature-not-implemented"])
    mantua.sends(error(garden, condition));
  mantua.sends(error(garden, "gone").replace("/shop", "/elsewhere"));
  mantua.sends(error(garden, "gone").replace("/shop", ""));
  await stage.receiveNothing(...everybody);
  await roomGoesOn(stage, juliet, everybody);
});

test("an error that answers a private message is handed on to whoever wrote it", async (t) => {
  const { stage, romeo, juliet, mantua } = await withApothecary(t);
  romeo.send(`<message type='chat' id='m1' to='${garden}/Apothecary'><body>What, ho!</body></message>`);
  assert.equal((await mantua.arrivals()).length, 1);
  mantua.sends(error(`${garden}/Romeo`, "not-acceptable"));
  const [told] = await arrivals(stage, romeo);
  assert.deepEqual([told?.attrs["type"], told?.attrs["from"]], ["error", `${garden}/Apothecary`]);
  assert.doesNotMatch(String(told), /mantua/);
  await stage.receiveNothing(juliet);
});

async function pass(stage: Party["stage"], minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    stage.clock.advance(60_000);
    await stage.settle();
  }
}

const answers: Readonly<Record<string, readonly [answer: string, isHere: boolean]>> = {
  "a result": ["<iq type='result'/>", true],
  "not knowing the question": ["service-unavailable", true],
  "not willing to answer": ["not-allowed", true],
  "not being there": ["item-not-found", false],
  "no way there": ["remote-server-not-found", false],
};

for (const [name, [answer, isHere]] of Object.entries(answers)) {
  test(`whoever is silent is asked for a sign of life: ${name} ${isHere ? "is one" : "is none"}`, async (t) => {
    const { stage, capulet, juliet, mantua } = await withApothecary(t);
    let questions = 0;
    mantua.onReceived = ({ attrs, name: kind }) => {
      if (kind !== "iq") return;
      questions += 1;
      assert.deepEqual([attrs["from"], attrs["to"]], [garden, apothecary]);
      const id = `id='${String(attrs["id"])}'`;
      if (answer.startsWith("<")) mantua.sends(answer.replace("<iq", `<iq ${id} from='${apothecary}' to='${garden}'`));
      else mantua.sends(error(garden, answer, "iq").replace("<iq", `<iq ${id}`));
    };
    await pass(stage, 9);
    assert.equal(questions, 0);
    await pass(stage, 3);
    assert.equal(questions, 1);
    const told = await arrivals(stage, juliet);
    if (isHere) assert.deepEqual(told.map(String), []);
    else isGone(told[0]);
    await arrivals(stage, capulet);
  });
}

test("no answer, twice in a row, is none, either; but whoever has spoken or changed is not asked", async (t) => {
  const { stage, juliet, mantua } = await withApothecary(t);
  await pass(stage, 8);
  mantua.sends(
    `<message type='groupchat' from='${apothecary}' to='${garden}'><body>Who calls so loud?</body></message>`,
  );
  await pass(stage, 8);
  assert.deepEqual(
    (await mantua.arrivals()).filter(({ name }) => name === "iq"),
    [],
  );
  await arrivals(stage, juliet);
  await pass(stage, 6);
  assert.deepEqual((await arrivals(stage, juliet)).map(String), []);
  await pass(stage, 11);
  const told = await arrivals(stage, juliet);
  assert.equal(told.length, 1);
  isGone(told[0]);
  says(juliet, "Gone?");
  await arrivals(stage, juliet);
});

test("whose phone was offline when it was asked stays, whatever it says when it is back", async (t) => {
  const signs = [
    (id: string) => `<iq type='result' id='${id}' from='${apothecary}' to='${garden}'/>`,
    () => `<message type='groupchat' from='${apothecary}' to='${garden}'><body>Here</body></message>`,
    () => `<presence from='${apothecary}' to='${garden}/Apothecary'/>`,
    () => `<presence from='${apothecary}' to='${garden}/Apothecary'>${muc}</presence>`,
  ];
  const { stage, juliet, mantua } = await withApothecary(t);
  for (const sign of signs) {
    await pass(stage, 13); // asked after ten minutes, given up a minute later
    const [question, ...more] = (await mantua.arrivals()).filter(({ name }) => name === "iq");
    assert.deepEqual(more, []);
    mantua.sends(sign(String(question?.attrs["id"])));
    if (sign !== signs[0]) continue;
    // Too late to count as an answer: the next question is.
    mantua.onReceived = ({ name, attrs }) => {
      if (name === "iq") mantua.sends(sign(String(attrs["id"])));
    };
    await pass(stage, 11);
    mantua.onReceived = () => undefined;
    await mantua.arrivals();
  }
  await mantua.arrivals();
  const gone = (await arrivals(stage, juliet)).filter(({ attrs }) => attrs["type"] === "unavailable");
  assert.deepEqual(gone.map(String), []);
});
