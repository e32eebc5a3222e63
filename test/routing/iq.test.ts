// IQ: who answers, that there is one answer, and who may reach a resource (RFC 6120 §8.2.3, RFC 6121 §8.5.3.1).
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { extension, type IqAnswer, StanzaError, xml } from "../../src/extension/index.js";
import { Jid } from "../../src/jid/jid.js";
import { buildStanza } from "../../src/stanza/build.js";
import { conditionOf } from "../support/client.js";
import { playServer, type Stage } from "../support/play-server.js";
import { sees } from "../im/rosters.js";

const NS = "urn:example:oracle";
const ping = "<ping xmlns='urn:xmpp:ping'/>";
const asked = (word: string): string => `<${word} xmlns='${NS}'/>`;

/** Answers each question in its own way, well or badly. */
const answers: Readonly<Record<string, () => IqAnswer | Promise<IqAnswer>>> = {
  yes: () => xml("yes", { xmlns: NS }),
  nothing: () => undefined,
  later: async () => xml("later", { xmlns: NS }),
  refused: () => {
    throw new StanzaError("forbidden", { text: "Ask not." });
  },
  "refused-later": () => Promise.reject(new StanzaError("conflict")),
  broken: () => {
    throw new Error("The oracle is drunk.");
  },
  "broken-later": () => Promise.reject(new Error("The oracle is asleep.")),
  rubbish: () => ({ toString: () => "no element" }) as never,
  "rubbish-later": async () => 7 as never,
};
const expected: Readonly<Record<string, string>> = {
  refused: "forbidden",
  "refused-later": "conflict",
  broken: "internal-server-error",
  "broken-later": "internal-server-error",
  rubbish: "internal-server-error",
  "rubbish-later": "internal-server-error",
};

const oracle = extension({
  name: "oracle",
  sentence: "Answers.",
  start(host) {
    for (const [word, answer] of Object.entries(answers)) {
      for (const target of ["host", "own-account", "account"] as const) host.iq.get(NS, word, target, answer);
    }
  },
});

/** Takes the errors that were meant out of the log. */
function expectFailures(stage: Stage, count: number): void {
  const failures = stage.errors.splice(0);
  assert.equal(failures.length, count, failures.join(""));
  for (const line of failures) assert.match(line, /"extension":"oracle"/);
}

test("whatever a handler does, there is one answer, and its failure is logged under its name", async (t) => {
  const stage = await playServer(t, { extensions: [oracle] });
  const romeo = await stage.login("romeo");
  await stage.account("juliet");
  for (const to of [undefined, "romeo@verona.example", "verona.example", "juliet@verona.example", "nobody@verona.example"]) {
    for (const word of Object.keys(answers)) {
      const answer = await romeo.asks("get", asked(word), to);
      assert.equal(conditionOf(answer), expected[word], `${word} to ${String(to)}`);
      assert.equal(answer.attrs["from"], to ?? "romeo@verona.example");
    }
    await stage.receiveNothing(romeo);
    expectFailures(stage, 4);
  }
}); // prettier-ignore

test("answers carry what the handler gave", async (t) => {
  const stage = await playServer(t, { extensions: [oracle] });
  const romeo = await stage.login("romeo");
  await romeo.gets("get", asked("yes"), "verona.example", asked("yes"));
  await romeo.gets("get", asked("later"), "verona.example", asked("later"));
  await romeo.gets("get", asked("nothing"), "verona.example");
  romeo.send(`<iq type='get' id='q' to='verona.example'>${asked("refused")}</iq>`);
  await romeo.receives(
    `<iq type='error' id='q' from='verona.example' to='${romeo.jid}'><error type='auth'>
      <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
      <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>Ask not.</text></error></iq>`,
  );
});

test("what nobody answers is unavailable: wrong type, name, namespace or target", async (t) => {
  const stage = await playServer(t, { extensions: [oracle] });
  const romeo = await stage.login("romeo");
  for (const to of [undefined, "verona.example", "juliet@verona.example"]) {
    await romeo.isRefused("service-unavailable", "set", asked("yes"), to);
    await romeo.isRefused("service-unavailable", "get", asked("no"), to);
    await romeo.isRefused("service-unavailable", "get", "<yes xmlns='urn:example:other'/>", to);
  }
  await romeo.isRefused("service-unavailable", "get", asked("yes"), "juliet@verona.example/balcony");
});

test("a request from elsewhere has exactly one child, or is refused", async (t) => {
  const stage = await playServer(t, { extensions: [oracle] });
  const answers: string[] = [];
  stage.router.remote = { receive: (stanza) => void answers.push(stanza.toXml()) };
  const [from, yes] = [Jid.parse("nurse@mantua.example/house"), xml("yes", { xmlns: NS })];
  for (const to of ["verona.example", "nobody@verona.example"]) {
    for (const children of [[], [yes, yes]]) {
      stage.router.route(buildStanza("iq", { from, to: Jid.parse(to), type: "get", id: "q" }, ...children));
    }
  }
  assert.equal(answers.length, 4);
  for (const answer of answers) assert.match(answer, /<bad-request/);
});

test("the server answers for the account, and never asks its resources (§8.5.2.1.3)", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const juliet = await stage.enter("juliet");
  await juliet.next();
  const romeo = await stage.login("romeo");
  await romeo.isRefused("service-unavailable", "get", "<query xmlns='urn:example'/>", "juliet@verona.example");
  await stage.receiveNothing(juliet);
});

/** Juliet is there, with Romeo as a contact; Paris and the nurse are not. */
async function house(t: TestContext) {
  const stage = await playServer(t, { hosts: ["verona.example", "mantua.example"] });
  await stage.befriend("romeo", "juliet");
  const juliet = await stage.enter("juliet", "balcony");
  await juliet.next();
  return { stage, juliet };
}

test("a request reaches a resource whose presence the asker may see, and its answer comes back (§8.5.3.1)", async (t) => {
  const { stage, juliet } = await house(t);
  const chamber = await stage.login("juliet", "chamber");
  const romeo = await stage.login("romeo");
  for (const asker of [romeo, chamber]) {
    asker.send(`<iq type='get' id='q' to='${juliet.jid}'>${ping}</iq>`);
    await juliet.receives(`<iq type='get' id='q' from='${asker.jid}' to='${juliet.jid}'>${ping}</iq>`);
    juliet.send(`<iq type='result' id='q' to='${asker.jid}'/>`);
    await asker.receives(`<iq type='result' id='q' from='${juliet.jid}' to='${asker.jid}'/>`);
  }
});

test("a stranger's request gets the answer of a resource that is not there", async (t) => {
  const { stage, juliet } = await house(t);
  const strangers = [await stage.enter("paris"), await stage.enter("nurse", "road", "mantua.example")];
  for (const stranger of strangers) {
    const [there, notThere] = [
      await stranger.asks("get", ping, juliet.jid),
      await stranger.asks("get", ping, "juliet@verona.example/attic"),
    ];
    assert.equal(conditionOf(there), "service-unavailable");
    assert.equal(there.getChild("error")?.toString(), notThere.getChild("error")?.toString());
  }
  await stage.receiveNothing(juliet);
});

test("whoever is shown presence directly may ask that resource, while it lasts", async (t) => {
  const { stage, juliet } = await house(t);
  const paris = await stage.enter("paris");
  juliet.send("<presence to='paris@verona.example/orchard'/>");
  await sees(paris, juliet.jid, "", paris.jid);
  paris.send(`<iq type='get' id='q' to='${juliet.jid}'>${ping}</iq>`);
  await juliet.receives(`<iq type='get' id='q' from='${paris.jid}' to='${juliet.jid}'>${ping}</iq>`);
  juliet.send("<presence to='paris@verona.example/orchard' type='unavailable'/>");
  await sees(paris, juliet.jid, "unavailable", paris.jid);
  await paris.isRefused("service-unavailable", "get", ping, juliet.jid);
  await stage.receiveNothing(juliet);
});

test("the server's own services may ask a resource, other domains may not", async (t) => {
  const { stage, juliet } = await house(t);
  const ask = (from: string): void => {
    const head = { from: Jid.parse(from), to: Jid.parse(juliet.jid), type: "get", id: from };
    stage.router.route(buildStanza("iq", head, xml("ping", { xmlns: "urn:xmpp:ping" })));
  };
  stage.router.addRoute("gateway.verona.example", { receive: () => undefined });
  for (const domain of ["evil.example", "verona.example", "mantua.example", "gateway.verona.example"]) ask(domain);
  for (const domain of ["verona.example", "mantua.example", "gateway.verona.example"]) {
    assert.equal((await juliet.next()).attrs["id"], domain);
  }
  await stage.receiveNothing(juliet);
});

test("results and errors are delivered to the resource, whoever they come from; to none, they are dropped", async (t) => {
  const { stage, juliet } = await house(t);
  const paris = await stage.login("paris");
  paris.send(
    `<iq type='result' id='1' to='${juliet.jid}'/>`,
    "<iq type='result' id='2' to='juliet@verona.example/x'/>",
  );
  await juliet.receives(`<iq type='result' id='1' from='${paris.jid}' to='${juliet.jid}'/>`);
  await stage.receiveNothing(juliet, paris);
});

test("a request that a dying session did not read is answered", async (t) => {
  const { stage, juliet } = await house(t);
  const romeo = await stage.login("romeo");
  juliet.transport.clientStopsReading();
  romeo.send("<message to='juliet@verona.example'><body>first</body></message>");
  await romeo.makesRoundTrip();
  const answer = romeo.asks("get", ping, juliet.jid);
  await romeo.makesRoundTrip();
  juliet.transport.clientVanishes();
  assert.equal(conditionOf(await answer), "service-unavailable");
});

test("an account stays in memory for as long as a handler is at work on it, though its user has gone", async (t) => {
  const gates: (() => void)[] = [];
  const slow = extension({
    name: "slow",
    sentence: "Takes its time.",
    start: (host) =>
      host.iq.get(NS, "slow", "own-account", () => new Promise((resolve) => gates.push(() => resolve()))),
  });
  const stage = await playServer(t, { extensions: [slow], config: "[accounts]\ncached = 10" });
  const accounts = stage.router.hosts.get("verona.example")?.accounts ?? assert.fail();
  const crowd = async (): Promise<void> => {
    for (let number = 0; number < 11; number += 1) {
      const user = `guest${String((guests += 1))}`;
      await stage.account(user);
      await accounts.get(Jid.of(user, "verona.example"));
    }
  };
  let guests = 0;
  const romeo = await stage.login("romeo");
  const jid = Jid.parse(romeo.bareJid);
  const account = accounts.peek(jid) ?? assert.fail();
  romeo.send(`<iq type='get' id='q'>${asked("slow")}</iq>`);
  await romeo.leaves();
  await crowd();
  assert.equal(accounts.peek(jid), account);
  gates[0]?.();
  await crowd();
  assert.equal(accounts.peek(jid), undefined);
});

test("what a handler wants to come right behind its answer does, and may fail", async (t) => {
  const herald = extension({
    name: "oracle",
    sentence: "Has more to say.",
    start(host) {
      host.iq.get(NS, "more", "own-account", ({ session, account, afterAnswer }) => {
        for (const name of ["second", "third"])
          afterAnswer(() => host.push(account, [session], xml(name, { xmlns: NS })));
        afterAnswer(() => {
          throw new Error("And fourthly …");
        });
        return Promise.resolve();
      });
    },
  });
  const stage = await playServer(t, { extensions: [herald] });
  const romeo = await stage.login("romeo");
  romeo.send(`<iq type='get' id='q'>${asked("more")}</iq>`);
  assert.equal((await romeo.next()).attrs["id"], "q");
  for (const name of ["second", "third"]) assert.ok((await romeo.next()).getChild(name, NS));
  await stage.receiveNothing(romeo);
  expectFailures(stage, 1);
});
