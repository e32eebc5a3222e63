// Stanzas that break RFC 6120 §7, §8 and RFC 6121: refused with the clause's error, and never an error for an error.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rawStage, secretBody } from "../support/raw-stage.js";

const stage = rawStage();
const bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>";
const ping = "<ping xmlns='urn:xmpp:ping'/>";

function errorIn(answer: string): string | undefined {
  return /<error type='[a-z]+'><([a-z-]+) xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'\/>/.exec(answer)?.[1];
}

describe("before a resource is bound (RFC 6120 §7.1)", () => {
  for (const stanza of [
    "<message/>",
    "<presence/>",
    `<iq type='get' id='1'>${ping}</iq>`,
    "<iq type='result' id='1'/>",
  ]) {
    test(`${stanza} ends the stream with <not-authorized/>`, async () => {
      const tybalt = await stage.authenticated("tybalt");
      tybalt.send(stanza);
      await tybalt.endsWith("not-authorized");
      await stage.nobodyElseNotices();
    });
    test(`before login likewise: ${stanza}`, async () => {
      const tybalt = await stage.connect();
      await tybalt.opens();
      tybalt.send(stanza);
      await tybalt.endsWith("not-authorized");
    });
  }
});

describe("binding", () => {
  const refused: Readonly<Record<string, string>> = {
    "of type get": `<iq type='get' id='b'>${bind}</iq>`,
    "without an id": `<iq type='set'>${bind}</iq>`,
    "beside something else": `<iq type='set' id='b'>${bind}${ping}</iq>`,
    "a resource longer than 1023 bytes (RFC 7622 §3.4)": `<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${"o".repeat(1024)}</resource></bind></iq>`,
    "a resource of forbidden characters":
      "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>a&#x7f;b</resource></bind></iq>",
    "a resource that is nothing but unassigned":
      "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>&#xfdd0;</resource></bind></iq>",
  };
  for (const [name, stanza] of Object.entries(refused)) {
    test(`${name} is a <bad-request/>, and the next try is heard (§7.7.2.1)`, async () => {
      const tybalt = await stage.authenticated("tybalt");
      tybalt.send(stanza);
      const [answer] = await tybalt.receives(/<iq .*?<\/iq>/s);
      assert.equal(errorIn(answer), "bad-request");
      await tybalt.binds("hall");
      await tybalt.makesRoundTrip();
    });
  }

  test("twice is refused, and the first resource stays", async () => {
    const tybalt = await stage.login("tybalt", "hall");
    const answer = await tybalt.asks("set", bind);
    assert.equal(errorIn(answer), "not-allowed");
    await tybalt.makesRoundTrip();
    assert.doesNotMatch(tybalt.heard.split("</bind>")[1] ?? "", /<jid>/);
  });

  test("the session that RFC 3921 clients ask for is granted (advertised as optional)", async () => {
    const tybalt = await stage.login("tybalt", "hall");
    for (const to of [undefined, "verona.example"]) {
      const answer = await tybalt.asks("set", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>", to);
      assert.match(answer, /type='result'/);
    }
  });

  test("twice in one packet binds once", async () => {
    const tybalt = await stage.authenticated("tybalt");
    tybalt.send(`<iq type='set' id='b1'>${bind}</iq><iq type='set' id='b2'>${bind}</iq>`);
    await tybalt.receives(/<iq [^>]*id='b1'.*?<jid>/);
    const [answer] = await tybalt.receives(/<iq [^>]*id='b2'.*?<\/iq>/);
    assert.equal(errorIn(answer), "not-allowed");
  });
});

describe("a forged 'from' ends the stream with <invalid-from/> (§8.1.2.1)", () => {
  for (const from of [
    "benvolio@verona.example",
    "verona.example",
    "tybalt@verona.example/elsewhere",
    "@@",
    "tybalt@mantua.example",
  ]) {
    for (const kind of ["message", "presence", "iq type='get' id='1'"]) {
      test(`<${kind} from='${from}'>`, async () => {
        const tybalt = await stage.login("tybalt", "hall");
        tybalt.send(`<${kind} from='${from}' to='benvolio@verona.example'/>`);
        await tybalt.endsWith("invalid-from");
        await stage.nobodyElseNotices();
      });
    }
  }

  test("the own address, bare, full, or written otherwise, is none", async () => {
    const tybalt = await stage.login("tybalt", "hall");
    for (const from of ["tybalt@verona.example", "tybalt@verona.example/hall", "TYBALT@Verona.Example/hall"]) {
      tybalt.send(`<message from='${from}' to='${tybalt.jid}'><body>${secretBody}</body></message>`);
      const [, stamped] = await tybalt.receives(/<message [^>]*from='([^']*)'.*?<\/message>/);
      assert.equal(stamped, "tybalt@verona.example/hall");
    }
  });
});

describe("an IQ", () => {
  const bad: Readonly<Record<string, string>> = {
    "without an id (§8.1.3)": `<iq type='get'>${ping}</iq>`,
    "without a type (§8.2.3)": `<iq id='bad'>${ping}</iq>`,
    "of an unknown type (§8.2.3)": `<iq type='fetch' id='bad'>${ping}</iq>`,
    "with two children (§8.2.3)": `<iq type='get' id='bad'>${ping}${ping}</iq>`,
    "without a child (§8.2.3)": `<iq type='set' id='bad'/>`,
    "with text instead of a child (§8.2.3)": `<iq type='get' id='bad'>${secretBody}</iq>`,
  };
  for (const [name, stanza] of Object.entries(bad)) {
    test(`${name} is a <bad-request/>`, async () => {
      const tybalt = await stage.login("tybalt");
      tybalt.send(stanza);
      const [answer] = await tybalt.receives(/<iq .*?<\/iq>/s);
      assert.equal(errorIn(answer), "bad-request");
      assert.match(answer, stanza.includes("id='bad'") ? /id='bad'/ : /<iq (?!.* id=)/);
      await tybalt.makesRoundTrip();
      await stage.nobodyElseNotices();
    });
  }

  test("of an unknown namespace is answered <service-unavailable/>, wherever it goes (§8.4)", async () => {
    const tybalt = await stage.login("tybalt");
    for (const to of [
      undefined,
      "verona.example",
      "tybalt@verona.example",
      "benvolio@verona.example",
      "nobody@verona.example",
    ]) {
      const answer = await tybalt.asks("get", "<feign xmlns='urn:example:death'/>", to);
      assert.equal(errorIn(answer), "service-unavailable", to);
    }
  });

  test("to a host that is not reached is answered <remote-server-not-found/> (§10.4.2)", async () => {
    const tybalt = await stage.login("tybalt");
    assert.equal(errorIn(await tybalt.asks("get", ping, "mantua.example")), "remote-server-not-found");
  });
});

describe("an error is never answered with an error (§8.3.1)", () => {
  const error = "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
  const places = [
    "verona.example",
    "nobody@verona.example",
    "nobody@verona.example/x",
    "benvolio@verona.example",
    "tybalt@verona.example/x",
    "mantua.example",
    "@@bad",
  ];
  for (const kind of ["message", "presence", "iq"]) {
    test(`${kind} of type error, to everywhere`, async () => {
      const tybalt = await stage.login("tybalt");
      const before = tybalt.heard.length;
      for (const to of places) tybalt.send(`<${kind} type='error' id='e' to='${to}'>${error}</${kind}>`);
      tybalt.send(`<${kind} type='error' id='e'>${error}</${kind}><${kind} type='error' id='e'/>`);
      await tybalt.makesRoundTrip();
      assert.doesNotMatch(tybalt.heard.slice(before), /type='error'/);
      await stage.nobodyElseNotices();
    });
  }

  test("nor is a result, however often nobody has asked (§8.2.3)", async () => {
    const tybalt = await stage.login("tybalt");
    const before = tybalt.heard.length;
    for (const to of [...places, "tybalt@verona.example"]) {
      tybalt.send(`<iq type='result' id='r' to='${to}'>${"<a>".repeat(30)}${"</a>".repeat(30)}</iq>`.repeat(1000));
    }
    await tybalt.makesRoundTrip();
    assert.doesNotMatch(tybalt.heard.slice(before), /type='error'/);
    await stage.nobodyElseNotices();
  });
});

describe("an address that is none is <jid-malformed/> (§8.3.3.8)", () => {
  const addresses = [
    "",
    "@verona.example",
    "romeo@",
    "romeo@verona.example/",
    "ro meo@verona.example",
    "romeo@@verona.example",
    `${"o".repeat(1024)}@verona.example`,
    `romeo@${"o".repeat(1024)}`,
    `romeo@verona.example/${"o".repeat(1024)}`,
    "romeo@ver..ona",
    "ro&#x202e;meo@verona.example",
  ];
  for (const to of addresses) {
    test(`to='${to.slice(0, 40)}'`, async () => {
      const tybalt = await stage.login("tybalt");
      for (const kind of ["message", "presence", "iq"]) {
        tybalt.send(
          `<${kind} type='${kind === "iq" ? "get" : kind === "message" ? "chat" : "subscribe"}' id='j' to='${to}'>${ping}</${kind}>`,
        );
        const [answer] = await tybalt.receives(new RegExp(`<${kind} [^>]*type='error'.*?</${kind}>`, "s"));
        assert.equal(errorIn(answer), "jid-malformed");
      }
      await tybalt.makesRoundTrip();
    });
  }
});

describe("presence", () => {
  test("of an unknown type is a <bad-request/> (RFC 6121 §4.7.1)", async () => {
    const tybalt = await stage.login("tybalt");
    tybalt.send("<presence type='asleep'/>");
    const [answer] = await tybalt.receives(/<presence .*?<\/presence>/s);
    assert.equal(errorIn(answer), "bad-request");
  });

  for (const priority of ["128", "-129", "1e2", "first", "", "1 2", "0x10", "99999999999999999999"]) {
    test(`of priority '${priority}' is a <bad-request/>, and changes nothing (RFC 6121 §4.7.2.3)`, async () => {
      const tybalt = await stage.login("tybalt");
      tybalt.send(`<presence><priority>${priority}</priority></presence>`);
      const [answer] = await tybalt.receives(/<presence .*?<\/presence>/s);
      assert.equal(errorIn(answer), "bad-request");
      await tybalt.becomesAvailable();
    });
  }
});

test("an element of an unknown namespace on the stream gets <unsupported-stanza-type/> (§4.9.3.24)", async () => {
  for (const xml of [
    "<feign xmlns='urn:example:death'/>",
    "<message xmlns='jabber:server'/>",
    "<feign/>",
    "<stream:stream/>",
    "<stream:features/>",
  ]) {
    const tybalt = await stage.login("tybalt");
    tybalt.send(xml);
    await tybalt.endsWith("unsupported-stanza-type");
  }
  await stage.nobodyElseNotices();
});

test("an unknown namespace inside a stanza is passed on as it is (§8.4)", async () => {
  const tybalt = await stage.enter("tybalt", "hall");
  const feign = `<feign xmlns='urn:example:death'><a:b xmlns:a='urn:a' a:c='"'/></feign>`;
  tybalt.send(`<message to='${tybalt.jid}'>${feign}</message>`);
  await tybalt.receives(feign);
});

test("a message of an unknown type is a normal one (RFC 6121 §5.2.2)", async () => {
  const tybalt = await stage.enter("tybalt", "hall");
  tybalt.send(`<message to='tybalt@verona.example' type='shout'><body>${secretBody}</body></message>`);
  await tybalt.receives(secretBody);
});
