// What is read out of another server's stream features.
import assert from "node:assert/strict";
import { test } from "node:test";
import { featuresOf, type ServerFeatures } from "../../src/s2s/features.js";
import { parseElement } from "../../src/xml/parse-element.js";

function read(content: string): ServerFeatures {
  return featuresOf(parseElement(`<features xmlns='http://etherx.jabber.org/streams'>${content}</features>`));
}

const tls = "xmlns='urn:ietf:params:xml:ns:xmpp-tls'";

test("who offers nothing offers nothing", () => {
  assert.deepEqual(read(""), {
    tls: undefined,
    mechanisms: [],
    hasDialback: false,
    hasBidi: false,
    hasManagement: false,
    mostBytes: undefined,
    idleSeconds: undefined,
  });
});

test("TLS is offered or required", () => {
  assert.equal(read(`<starttls ${tls}/>`).tls, "optional");
  assert.equal(read(`<starttls ${tls}><optional/></starttls>`).tls, "optional");
  assert.equal(read(`<starttls ${tls}><required/></starttls>`).tls, "required");
  assert.equal(read("<starttls xmlns='urn:xmpp:other'/>").tls, undefined);
});

test("all that we can make use of is found", () => {
  const sasl = "<mechanism> EXTERNAL\n</mechanism><mechanism>PLAIN</mechanism>";
  const features = read(
    `<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${sasl}</mechanisms>` +
      "<dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>" +
      "<bidi xmlns='urn:xmpp:features:bidi'/><sm xmlns='urn:xmpp:sm:3'/><sm xmlns='urn:xmpp:sm:2'/>" +
      "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>262144</max-bytes><idle-seconds>600</idle-seconds></limits>",
  );
  assert.deepEqual(features, {
    tls: undefined,
    mechanisms: ["EXTERNAL", "PLAIN"],
    hasDialback: true,
    hasBidi: true,
    hasManagement: true,
    mostBytes: 262_144,
    idleSeconds: 600,
  });
});

test("the request's namespace is no feature, nor is an older version of stream management", () => {
  const features = read("<bidi xmlns='urn:xmpp:bidi'/><sm xmlns='urn:xmpp:sm:2'/><dialback xmlns='jabber:server'/>");
  assert.deepEqual([features.hasBidi, features.hasManagement, features.hasDialback], [false, false, false]);
});

test("limits that are no numbers are none", () => {
  for (const wrong of ["", "0", "-1", "1e6", "lots", "1.5", " 10", "12345678901"]) {
    const limits = `<max-bytes>${wrong}</max-bytes><idle-seconds>${wrong}</idle-seconds>`;
    const { mostBytes, idleSeconds } = read(`<limits xmlns='urn:xmpp:stream-limits:0'>${limits}</limits>`);
    assert.deepEqual([mostBytes, idleSeconds], [undefined, undefined], wrong);
  }
});
