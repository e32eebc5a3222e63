// XEP-0157: Contact Addresses for XMPP Services.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "../../src/config/config.js";
import { contactAddresses } from "../../xeps/0157-contact-addresses.js";
import { playServer } from "../support/play-server.js";
import { assertSame } from "../support/same-xml.js";

const info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";

test("the configured addresses stand in the host's service discovery", async (t) => {
  const stage = await playServer(t, {
    config: `[extensions.contact-addresses]
      abuse = ["mailto:abuse@shakespeare.lit", "xmpp:abuse@shakespeare.lit"]
      status = ["https://status.shakespeare.lit"]`,
  });
  const juliet = await stage.login("juliet");
  const form = (await juliet.asks("get", info, "verona.example")).getChild("query")?.getChild("x", "jabber:x:data");
  assertSame(
    form ?? assert.fail(),
    `<x xmlns='jabber:x:data' type='result'>
      <field var='FORM_TYPE' type='hidden'><value>http://jabber.org/network/serverinfo</value></field>
      <field var='abuse-addresses' type='list-multi'>
        <value>mailto:abuse@shakespeare.lit</value>
        <value>xmpp:abuse@shakespeare.lit</value>
      </field>
      <field var='status-addresses' type='list-multi'><value>https://status.shakespeare.lit</value></field>
    </x>`,
  );
});

test("without addresses nothing is said", async (t) => {
  const stage = await playServer(t);
  const juliet = await stage.login("juliet");
  assert.equal((await juliet.asks("get", info, "verona.example")).getChild("query")?.getChild("x"), undefined);
});

test("what is no URI is refused when the configuration is read", () => {
  for (const wrong of [
    "abuse@shakespeare.lit",
    "javascript:alert(1)",
    "mailto:",
    "https://sha kespeare.lit",
    "xmpp:a<b",
  ]) {
    const text = `[hosts."verona.example"]\n[extensions.contact-addresses]\nabuse = [${JSON.stringify(wrong)}]`;
    const read = () => readConfig(text, "play.toml", { sections: [], keyed: [], extensions: [contactAddresses] });
    assert.throws(read, /mailto:abuse@example\.org/, wrong);
  }
});
