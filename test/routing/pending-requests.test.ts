// Requests that the server itself sends: one answer, from the right one, in time.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { extension, StanzaError, xml } from "../../src/extension/index.js";
import type { HostServices } from "../../src/extension/services.js";
import { Jid } from "../../src/jid/jid.js";
import { playServer } from "../support/play-server.js";

const question = xml("question", { xmlns: "urn:example" });

/** Juliet is there, and the server can be made to ask. */
async function court(t: TestContext) {
  let services: HostServices | undefined;
  const prince = extension({
    name: "prince",
    sentence: "Asks.",
    start: (host) => void (services = host),
  });
  const stage = await playServer(t, { extensions: [prince] });
  const juliet = await stage.enter("juliet");
  const ask = (to: string, timeout?: number) =>
    services?.request(Jid.parse(to), "get", question, timeout) ?? Promise.reject(new Error("not started"));
  return { stage, juliet, ask };
}

test("the answer is what was inside the result", async (t) => {
  const { juliet, ask } = await court(t);
  const answer = ask(juliet.jid);
  const { id } = (await juliet.next()).attrs as { id: string };
  juliet.send(`<iq type='result' id='${id}' to='verona.example'><answer xmlns='urn:example'/></iq>`);
  assert.ok((await answer)?.is("answer", "urn:example"));
});

test("an error is the error that it says, wherever its words stand", async (t) => {
  const { juliet, ask } = await court(t);
  const stanzas = "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'";
  const errors = {
    forbidden: `<text ${stanzas}>No!</text><forbidden ${stanzas}/>`,
    "undefined-condition": "<unheard-of xmlns='urn:example'/>",
  };
  for (const [condition, content] of Object.entries(errors)) {
    const answer = ask(juliet.jid);
    const { id } = (await juliet.next()).attrs as { id: string };
    juliet.send(`<iq type='error' id='${id}' to='verona.example'><error type='auth'>${content}</error></iq>`);
    await assert.rejects(answer, (error) => error instanceof StanzaError && error.condition === condition);
  }
});

test("somebody else's answer is none, and neither is a second one", async (t) => {
  const { stage, juliet, ask } = await court(t);
  const paris = await stage.login("paris");
  const answer = ask(juliet.jid);
  const { id } = (await juliet.next()).attrs as { id: string };
  paris.send(`<iq type='result' id='${id}' to='verona.example'><lie xmlns='urn:example'/></iq>`);
  await paris.makesRoundTrip();
  for (const word of ["truth", "afterthought"]) {
    juliet.send(`<iq type='result' id='${id}' to='verona.example'><${word} xmlns='urn:example'/></iq>`);
  }
  assert.ok((await answer)?.is("truth"));
  await stage.receiveNothing(juliet, paris);
});

test("silence is an answer after a while, and who is not there answers at once", async (t) => {
  const { stage, juliet, ask } = await court(t);
  const answer = ask(juliet.jid, 1000);
  await juliet.next();
  stage.clock.advance(1000);
  await assert.rejects(answer, { condition: "remote-server-timeout" });
  await assert.rejects(ask("juliet@verona.example/attic"), { condition: "service-unavailable" });
  await assert.rejects(ask("mantua.example"), { condition: "remote-server-not-found" });
  assert.equal(stage.router.hosts.get("verona.example")?.requests.size, 0);
});
