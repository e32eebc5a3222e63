// XEP-0030: Service Discovery, with the extended information of XEP-0128.
import assert from "node:assert/strict";
import { test } from "node:test";
import { extension, StanzaError, xml } from "../../src/extension/index.js";
import { serviceDiscovery } from "../../xeps/0030-service-discovery.js";
import { resultForm } from "../../xeps/payloads/0004-data-forms.js";
import { playServer } from "../support/play-server.js";

const info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
const items = "<query xmlns='http://jabber.org/protocol/disco#items'/>";
const catalogue = "<query xmlns='http://jabber.org/protocol/disco#items' node='music'/>";

test("the host says what it is and what all its extensions announce", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const answer = (await romeo.asks("get", info, "verona.example")).getChild("query");
  const identities = answer?.getChildren("identity").map(({ attrs }) => ({ ...attrs }));
  assert.deepEqual(identities, [{ category: "server", type: "im", name: "Rookery" }]);
  const features = answer?.getChildren("feature").map(({ attrs }) => String(attrs["var"]));
  assert.equal(new Set(features).size, features?.length, "each feature once");
  for (const feature of [
    "http://jabber.org/protocol/disco#info",
    "urn:xmpp:ping",
    "msgoffline",
    "jabber:iq:register",
  ]) {
    assert.ok(features?.includes(feature), feature);
  }
});

test("the host lists nothing but its services, and knows no nodes", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const rooms = "<item jid='rooms.verona.example' name='Rooms'/>";
  const listed = `<query xmlns='http://jabber.org/protocol/disco#items'>${rooms}</query>`;
  await romeo.gets("get", items, "verona.example", listed);
  const unknown = "<query xmlns='http://jabber.org/protocol/disco#info' node='books'/>";
  await romeo.isRefused("item-not-found", "get", unknown, "verona.example");
  await romeo.isRefused("item-not-found", "get", catalogue, "verona.example");
});

test("users see what their own account is, and which of their resources are available", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.enter("romeo");
  await stage.login("romeo", "balcony");
  const answer = (await romeo.asks("get", info, "romeo@verona.example")).getChild("query");
  assert.deepEqual({ ...answer?.getChild("identity")?.attrs }, { category: "account", type: "registered" });
  await romeo.gets(
    "get",
    items,
    undefined,
    `<query xmlns='http://jabber.org/protocol/disco#items'><item jid='romeo@verona.example/orchard'/></query>`,
  );
});

test("contacts who see the presence are told the same", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const romeo = await stage.login("romeo");
  await stage.enter("juliet", "balcony");
  const answer = await romeo.asks("get", info, "juliet@verona.example");
  assert.equal(answer.attrs["from"], "juliet@verona.example");
  assert.equal(answer.getChild("query")?.getChild("identity")?.attrs["category"], "account");
  const listed = (await romeo.asks("get", items, "juliet@verona.example")).getChild("query")?.getChild("item");
  assert.equal(listed?.attrs["jid"], "juliet@verona.example/balcony");
});

test("strangers can't tell an account from none (§8)", async (t) => {
  const stage = await playServer(t);
  const tybalt = await stage.login("tybalt");
  await stage.enter("juliet", "balcony");
  for (const address of ["juliet@verona.example", "nobody@verona.example"]) {
    await tybalt.isRefused("service-unavailable", "get", info, address);
    await tybalt.gets("get", items, address, items);
    await tybalt.gets("get", catalogue, address, catalogue);
  }
});

/** An extension as others would write it: it adds to what is discovered. */
const musicShop = extension({
  name: "music-shop",
  sentence: "Sells music.",
  features: ["urn:example:music"],
  requires: [serviceDiscovery],
  start(host) {
    const discovery = host.use(serviceDiscovery);
    discovery.host.add({ identities: [{ category: "store", type: "music" }], features: ["urn:example:vinyl"] });
    discovery.host.add({ forms: [resultForm("urn:example:opening", [{ var: "hours", values: ["9–18"] }])] });
    discovery.host.addItems(() => [{ jid: host.jid.toString(), node: "music", name: "Music" }]);
    discovery.host.addNodes({
      info: (node) =>
        node === "music" ? { identities: [{ category: "hierarchy", type: "branch" }], features: [] } : undefined,
      items: async (node) => (node === "music" ? [{ jid: "lute.example" }] : undefined),
    });
    discovery.account.addItems(({ isAuthorized }) => (isAuthorized ? [{ jid: "flute.example" }] : []));
  },
});

test("extensions add identities, features, forms, items and nodes", async (t) => {
  const stage = await playServer(t, { extensions: [serviceDiscovery, musicShop] });
  const romeo = await stage.login("romeo");
  const answer = (await romeo.asks("get", info, "verona.example")).getChild("query");
  assert.ok(answer?.getChildByAttr("category", "store"));
  assert.ok(answer?.getChildByAttr("var", "urn:example:vinyl"));
  assert.ok(answer?.getChildByAttr("var", "urn:example:music"));
  assert.equal(answer?.getChild("x", "jabber:x:data")?.attrs["type"], "result");
  await romeo.gets(
    "get",
    items,
    "verona.example",
    "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='verona.example' node='music' name='Music'/></query>",
  );
  const node = { xmlns: "http://jabber.org/protocol/disco#info", node: "music" };
  const branch = xml("query", node, xml("identity", { category: "hierarchy", type: "branch" }));
  await romeo.gets("get", xml("query", node), "verona.example", branch);
  await romeo.gets(
    "get",
    catalogue,
    "verona.example",
    "<query xmlns='http://jabber.org/protocol/disco#items' node='music'><item jid='lute.example'/></query>",
  );
  await romeo.gets(
    "get",
    items,
    undefined,
    "<query xmlns='http://jabber.org/protocol/disco#items'><item jid='flute.example'/></query>",
  );
});

test("an extension that fails is named in the log, and the asker gets an error", async (t) => {
  const broken = extension({
    name: "broken",
    sentence: "Fails.",
    requires: [serviceDiscovery],
    start(host) {
      host.use(serviceDiscovery).host.addItems(() => Promise.reject(new Error("out of lutes")));
      host.use(serviceDiscovery).host.addNodes({
        info: () => {
          throw new StanzaError("forbidden");
        },
      });
    },
  });
  const stage = await playServer(t, { extensions: [serviceDiscovery, broken] });
  const romeo = await stage.login("romeo");
  await romeo.isRefused("internal-server-error", "get", items, "verona.example");
  assert.match(stage.errors.splice(0).join(), /extension-failed/);
  const node = "<query xmlns='http://jabber.org/protocol/disco#info' node='x'/>";
  await romeo.isRefused("forbidden", "get", node, "verona.example");
});
