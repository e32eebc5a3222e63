// Which roles are shown to all (muc#roomconfig_presencebroadcast, §15.5.3): nobody stays in a list who is shown no more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { xml } from "../../../src/xml/element.js";
import { arrivals, garden, type Party, party } from "../../support/rooms.js";

const field = "muc#roomconfig_presencebroadcast";

async function shows({ capulet }: Party, ...roles: readonly string[]): Promise<void> {
  const fields = { FORM_TYPE: ["http://jabber.org/protocol/muc#roomconfig"], [field]: roles };
  const elements = Object.entries(fields).map(([name, values]) =>
    xml(
      "field",
      { var: name },
      values.map((value) => xml("value", {}, value)),
    ),
  );
  const form = xml("x", { xmlns: "jabber:x:data", type: "submit" }, elements);
  await capulet.gets("set", xml("query", { xmlns: "http://jabber.org/protocol/muc#owner" }, form), garden);
}

async function makes({ capulet }: Party, item: string): Promise<void> {
  await capulet.gets("set", `<query xmlns='http://jabber.org/protocol/muc#admin'><item ${item}/></query>`, garden);
}

/** How Romeo is shown to Juliet, in order: "unavailable none", "available participant". */
async function romeoSeen({ stage, juliet }: Party): Promise<readonly string[]> {
  const all = await arrivals(stage, juliet);
  return all
    .filter(({ attrs }) => attrs["from"] === `${garden}/Romeo`)
    .map((each) => {
      const item = each.getChild("x")?.getChild("item");
      return `${String(each.attrs["type"] ?? "available")} ${String(item?.attrs["role"])}`;
    });
}

test("who loses voice where visitors are not shown is gone for the others, and is back with voice", async (t) => {
  const all = await party(t);
  await shows(all, "moderator", "participant");
  assert.deepEqual(await romeoSeen(all), [], "nothing is new to anybody");
  await makes(all, "role='visitor' nick='Romeo'");
  assert.deepEqual(await romeoSeen(all), ["unavailable none"]);
  await makes(all, "role='participant' nick='Romeo'");
  assert.deepEqual(await romeoSeen(all), ["available participant"]);
  for (const client of all.everybody) await arrivals(all.stage, client);
});

test("so is who loses it with an affiliation", async (t) => {
  const all = await party(t, { fields: { "muc#roomconfig_moderatedroom": "1" } });
  await shows(all, "moderator", "participant");
  assert.deepEqual(await romeoSeen(all), ["unavailable none"]);
  await makes(all, "affiliation='admin' jid='romeo@verona.example'");
  assert.deepEqual(await romeoSeen(all), ["available moderator"]);
  await makes(all, "affiliation='none' jid='romeo@verona.example'");
  assert.deepEqual(await romeoSeen(all), ["unavailable none"]);
  for (const client of all.everybody) await arrivals(all.stage, client);
});

test("a configuration that shows fewer or more roles counts for those who are in", async (t) => {
  const all = await party(t);
  await shows(all, "moderator");
  assert.deepEqual(await romeoSeen(all), ["unavailable none"]);
  all.romeo.send(`<presence to='${garden}/Romeo'><show>away</show></presence>`);
  assert.deepEqual(await romeoSeen(all), []);
  await shows(all, "moderator", "participant");
  assert.deepEqual(await romeoSeen(all), ["available participant"]);
  for (const client of all.everybody) await arrivals(all.stage, client);
});

test("a change of affiliation is told once: with the presence of who is or was shown, else in a message", async (t) => {
  const all = await party(t, { fields: { "muc#roomconfig_moderatedroom": "1" } });
  const { stage, capulet, juliet, everybody } = all;
  const tells = async (item: string): Promise<string> => {
    for (const client of everybody) await arrivals(stage, client);
    await makes(all, item);
    const told = (await arrivals(stage, capulet)).filter((each) => each.getChild("x")?.getChild("item") !== undefined);
    return told.map(({ name, attrs }) => `${name} ${String(attrs["from"])}`).join();
  };
  assert.equal(await tells("affiliation='member' jid='tybalt@verona.example'"), `message ${garden}`);
  assert.equal(await tells("affiliation='member' jid='romeo@verona.example'"), `presence ${garden}/Romeo`);
  assert.equal(await tells("affiliation='outcast' jid='romeo@verona.example'"), `presence ${garden}/Romeo`);
  await shows(all, "moderator", "participant");
  assert.equal(await tells("affiliation='outcast' jid='juliet@verona.example'"), `message ${garden}`);
  await arrivals(stage, juliet);
});
