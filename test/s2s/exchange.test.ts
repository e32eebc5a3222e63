// Two servers exchange stanzas, by certificate and by dialback, over STARTTLS and direct TLS.
import assert from "node:assert/strict";
import { test } from "node:test";
import { World } from "./support/world.js";

for (const isDirectTls of [false, true]) {
  test(`a message there and back, by certificate${isDirectTls ? ", over direct TLS" : ""}`, async (t) => {
    const world = await World.begin(t);
    const verona = await world.server("verona.example");
    const mantua = await world.server("mantua.example", { config: verona.asPeer(isDirectTls) });
    const juliet = await verona.enter("juliet");
    const romeo = await mantua.enter("romeo");
    romeo.send("<message to='juliet@verona.example' type='chat' id='m1'><body>Art thou not Romeo?</body></message>");
    await juliet.receives(/<message[^>]*from='romeo@mantua.example\/orchard'[^>]*><body>Art thou not Romeo\?<\/body>/);
    juliet.send(`<message to='${romeo.jid}' type='chat' id='m2'><body>Neither, fair saint</body></message>`);
    await romeo.receives(/<message[^>]*from='juliet@verona.example\/orchard'[^>]*><body>Neither, fair saint<\/body>/);
    const opened = await mantua.logged("s2s-opened");
    assert.equal(opened["weProved"], "certificate");
    assert.equal(opened["theyProved"], "certificate");
    assert.equal(opened["isBidirectional"], true);
  });
}
