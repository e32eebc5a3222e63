// What servers demand of each other: who does not come up to it is refused, and senders and operators read why.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { RawClient } from "../support/raw-client.js";
import { type ServerPlay, World, type WorldServer } from "./support/world.js";

const day = 86_400_000;
const quick = "[servers]\nback_off = '100ms'\nback_off_limit = '1s'\n";

interface Cast {
  readonly verona: WorldServer;
  readonly mantua: WorldServer;
  readonly romeo: RawClient;
}

/** Romeo at Mantua writes; each side as the test wants it. */
async function meet(t: TestContext, ofVerona: ServerPlay, ofMantua: ServerPlay): Promise<Cast> {
  const world = await World.begin(t);
  const verona = await world.server("verona.example", ofVerona);
  const config = `${quick}${verona.asPeer()}${ofMantua.config ?? ""}`;
  const mantua = await world.server("mantua.example", { ...ofMantua, config });
  await verona.knows(mantua);
  return { verona, mantua, romeo: await mantua.enter("romeo") };
}

function writes(romeo: RawClient, id = "m1"): void {
  romeo.send(`<message to='juliet@verona.example' type='chat' id='${id}'><body>Call me but love</body></message>`);
}

/** The condition of the error that comes back, and its words. */
async function comesBack(romeo: RawClient, id = "m1"): Promise<[condition: string, text: string]> {
  const [, condition = "", text = ""] = await romeo.receives(
    new RegExp(`<message[^>]* id='${id}'.*?<error[^>]*><([a-z-]+)[^>]*/><text[^>]*>(.*?)</text>`, "s"),
  );
  return [condition, text];
}

interface Refused {
  readonly verona?: ServerPlay;
  readonly mantua?: ServerPlay;
  readonly condition: string;
  readonly code: string;
  /** What Romeo reads after "verona.example could not be reached (code): ". */
  readonly words: RegExp;
}

function certified(certificate: ServerPlay["certificate"]): ServerPlay {
  return certificate === undefined ? {} : { certificate };
}

const refusedByUs: Readonly<Record<string, Refused>> = {
  "an expired certificate": {
    verona: certified({ dns: ["verona.example"], notBefore: Date.now() - 3 * day, notAfter: Date.now() - day }),
    condition: "remote-server-timeout",
    code: "certificate-expired",
    words: /expired|no longer valid|has been invalid/,
  },
  "a certificate of tomorrow": {
    verona: certified({ dns: ["verona.example"], notBefore: Date.now() + day }),
    condition: "remote-server-timeout",
    code: "certificate-not-yet-valid",
    words: /valid only from 20\d\d-\d\d-\d\d on/,
  },
  "a certificate for another domain": {
    verona: certified({ dns: ["venice.example"] }),
    condition: "remote-server-timeout",
    code: "certificate-wrong-name",
    words: /not made out to verona\.example/,
  },
  "a certificate that nobody vouches for": {
    verona: certified("none"),
    condition: "remote-server-timeout",
    code: "certificate-untrusted",
    words: /signed|trust|authorit/,
  },
  "a certificate for something else than servers": {
    verona: certified({ dns: ["verona.example"], usages: ["emailProtection"] }),
    condition: "remote-server-timeout",
    code: "certificate-wrong-usage",
    words: /not meant for TLS servers/,
  },
};

for (const [name, { verona = {}, mantua = {}, condition, code, words }] of Object.entries(refusedByUs)) {
  test(`${name} is refused by who connects`, async (t) => {
    const cast = await meet(t, verona, mantua);
    writes(cast.romeo);
    const [found, text] = await comesBack(cast.romeo);
    assert.equal(found, condition);
    assert.ok(text.startsWith(`verona.example could not be reached (${code}): `), text);
    assert.match(text, words);
    const failed = await cast.mantua.logged("s2s-failed");
    assert.deepEqual([failed["local"], failed["remote"], failed["reason"]], ["mantua.example", "verona.example", code]);
    assert.ok(text.endsWith(String(failed["text"])), text);
    assert.match(String(failed["advice"]), /\.$/);
  });

  test(`${name} is refused by who is connected to, which says why`, async (t) => {
    const domain = (play: ServerPlay["certificate"]): ServerPlay["certificate"] =>
      typeof play !== "object"
        ? play
        : { ...play, dns: (play.dns ?? []).map((each) => each.replace("verona", "mantua")) };
    const cast = await meet(t, {}, certified(domain(verona.certificate)));
    writes(cast.romeo);
    const [found, text] = await comesBack(cast.romeo);
    assert.equal(found, "remote-server-timeout");
    assert.match(text, /\(authentication-refused\): .*mantua\.example \(dialback\): not-authorized: /);
    assert.match(text, new RegExp(words.source.replace("verona", "mantua")));
    assert.match(text, /[^.]\.$/);
    const refused = await cast.verona.logged("s2s-refused");
    assert.deepEqual(
      [refused["local"], refused["remote"], refused["reason"]],
      ["verona.example", "mantua.example", code],
    );
  });
}

test("certificates for servers only, as public authorities sign them, are good on both sides", async (t) => {
  const only = (domain: string): ServerPlay => certified({ dns: [domain], usages: ["serverAuth"] });
  const { romeo, mantua, verona } = await meet(t, only("verona.example"), only("mantua.example"));
  const juliet = await verona.enter("juliet");
  writes(romeo);
  await juliet.receives("Call me but love");
  const { weProved, theyProved } = await mantua.logged("s2s-opened");
  assert.deepEqual([weProved, theyProved], ["certificate", "certificate"]);
});

test("a domain that we block is not connected to at all", async (t) => {
  const { romeo, mantua } = await meet(t, {}, { config: "[federation]\nblock = ['*.example']\n" });
  writes(romeo);
  const reason = "verona.example could not be reached (domain-blocked): mantua.example does not exchange stanzas with verona.example."; // prettier-ignore
  assert.deepEqual(await comesBack(romeo), ["not-allowed", reason]);
  assert.deepEqual(mantua.log.filter(({ event }) => String(event).startsWith("s2s-")), []); // prettier-ignore
});

test("a domain that is not among those allowed is blocked", async (t) => {
  const { romeo } = await meet(t, {}, { config: "[federation]\nallow = ['padua.example']\n" });
  writes(romeo);
  const [condition, text] = await comesBack(romeo);
  assert.equal(condition, "not-allowed");
  assert.match(text, /\(domain-blocked\)/);
});

test("a host that does not federate says so", async (t) => {
  const { romeo } = await meet(t, {}, { config: "[hosts.'mantua.example'.federation]\nenabled = false\n" });
  writes(romeo);
  const reason = "verona.example could not be reached (federation-disabled): mantua.example does not exchange stanzas with other servers."; // prettier-ignore
  assert.deepEqual(await comesBack(romeo), ["not-allowed", reason]);
});

for (const [name, config] of [
  ["blocks us", "[federation]\nblock = ['mantua.example']\n"],
  ["does not federate", "[federation]\nenabled = false\n"],
]) {
  test(`a server that ${name} says so, and the sender reads it`, async (t) => {
    const { romeo, mantua, verona } = await meet(t, { config: config ?? "" }, { config: "" });
    writes(romeo);
    const failed = await mantua.logged("s2s-failed");
    assert.match(String(failed["text"]), /policy-violation: verona\.example does not exchange stanzas with/);
    const rejected = await verona.logged("s2s-rejected");
    assert.match(String(rejected["reason"]), /^(domain-blocked|federation-disabled)$/);
  });
}

test("a reload that blocks a domain ends its streams, and nothing more goes either way", async (t) => {
  const { romeo, mantua, verona } = await meet(t, {}, {});
  const juliet = await verona.enter("juliet");
  writes(romeo);
  await juliet.receives("Call me but love");
  await mantua.reloads("[federation]\nblock = ['verona.example']\n");
  assert.match(String((await mantua.logged("s2s-closed"))["text"]), /not wanted here any more/);
  writes(romeo, "m2");
  const [condition, text] = await comesBack(romeo, "m2");
  assert.equal(condition, "not-allowed");
  assert.match(text, /\(domain-blocked\)/);
  juliet.send("<message to='romeo@mantua.example' type='chat' id='m3'><body>Good night</body></message>");
  const failed = await verona.logged("s2s-failed");
  assert.match(String(failed["text"]), /mantua\.example does not exchange stanzas with verona\.example/);
  await mantua.reloads("");
  writes(romeo, "m4");
  await juliet.receives(/id='m4'/);
  await romeo.receives("Good night"); // it had waited
  assert.doesNotMatch(juliet.heard, /id='m2'/);
});
