// XEP-0115: Entity Capabilities of the server itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { verificationString } from "../../xeps/0115-entity-capabilities.js";
import { resultForm } from "../../xeps/payloads/0004-data-forms.js";
import { playServer } from "../support/play-server.js";

const features = [
  "http://jabber.org/protocol/muc",
  "http://jabber.org/protocol/disco#items",
  "http://jabber.org/protocol/disco#info",
  "http://jabber.org/protocol/caps",
];

test("the verification string is that of the simple example (§5.2)", () => {
  const identities = [{ category: "client", type: "pc", name: "Exodus 0.9.1" }];
  assert.equal(verificationString({ identities, features }), "QgayPKawpkPSDYmwT/WM94uAlu0=");
});

test("the verification string is that of the complex example (§5.3)", () => {
  const identities = [
    { category: "client", type: "pc", name: "Psi 0.11", lang: "en" },
    { category: "client", type: "pc", name: "Ψ 0.11", lang: "el" },
  ];
  const form = resultForm("urn:xmpp:dataforms:softwareinfo", [
    { var: "software", values: ["Psi"] },
    { var: "os", values: ["Mac"] },
    { var: "ip_version", values: ["ipv6", "ipv4"] },
    { var: "os_version", values: ["10.5.1"] },
    { var: "software_version", values: ["0.11"] },
  ]);
  assert.equal(verificationString({ identities, features, forms: [form] }), "q07IKJEyjvHSyhy//CH0CxmKi8w=");
});

test("the server announces its capabilities after login, and answers for their node (§6.3, §6.2)", async (t) => {
  const stage = await playServer(t, {
    config: "[extensions.contact-addresses]\nabuse = ['mailto:friar@verona.example']",
  });
  await stage.account("romeo");
  const romeo = stage.connect();
  assert.equal((await romeo.opensStream()).getChild("c"), undefined);
  const announced = (await romeo.authenticates("romeo", "romeo")).getChild("c", "http://jabber.org/protocol/caps");
  const { node, ver, hash } = announced?.attrs ?? {};
  assert.equal(hash, "sha-1");
  await romeo.binds("orchard");
  const query = (at: string): string => `<query xmlns='http://jabber.org/protocol/disco#info' node='${at}'/>`;
  const ofNode = await romeo.asks("get", query(`${String(node)}#${String(ver)}`), "verona.example");
  const ofHost = await romeo.asks("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>", "verona.example");
  const content = ofNode.getChild("query")?.children.join("");
  assert.equal(content, ofHost.getChild("query")?.children.join(""));
  assert.ok(content?.includes("abuse-addresses"));
  await romeo.isRefused("item-not-found", "get", query(`${String(node)}#outdated`), "verona.example");
});
