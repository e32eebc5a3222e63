// Domains of their own that extensions serve: what reaches them, what comes back, and how they reach many.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import {
  buildStanza,
  extension,
  Jid,
  type OpenService,
  resultOf,
  type Service,
  type Stanza,
  StanzaError,
  xml,
} from "../../src/extension/index.js";
import { parseStanza } from "../../src/stanza/parse-stanza.js";
import { HandledStanzas } from "../../src/stream/acknowledgements.js";
import { playServer, type Stage } from "../support/play-server.js";

const globe = Jid.parse("globe.verona.example");
const hamlet = Jid.parse("hamlet@globe.verona.example/stage");

interface Theatre {
  readonly stage: Stage;
  readonly service: OpenService;
  /** What has come to the service, as text. */
  readonly heard: string[];
  /** What the service does with a stanza, beside noting it. */
  play: Service["receive"];
}

/** A host with a service at globe.verona.example. */
async function theatre(t: TestContext, more: Parameters<typeof playServer>[1] = {}): Promise<Theatre> {
  const heard: string[] = [];
  let service: OpenService | undefined;
  const theatre = extension({
    name: "theatre",
    sentence: "Plays.",
    services: (_, host) => [`globe.${host}`],
    start(host) {
      const receive = (stanza: Stanza): void | Promise<void> => {
        heard.push(stanza.toXml());
        return built.play(stanza);
      };
      service = host.openService("Globe.verona.example", { receive });
    },
  });
  const built: { play: Service["receive"] } = { play: () => undefined };
  const stage = await playServer(t, { ...more, extensions: [...(more.extensions ?? []), theatre] });
  return Object.assign(built, { stage, heard, service: service ?? assert.fail("not started") });
}

test("a service gets every kind of stanza for its domain and all addresses in it, and answers them", async (t) => {
  const { stage, service, heard } = await theatre(t);
  const romeo = await stage.login("romeo");
  assert.equal(service.jid, globe);
  romeo.send(
    "<message to='globe.verona.example' id='m1'><body>O</body></message>",
    "<presence to='hamlet@globe.verona.example/stage'/>",
    "<presence to='hamlet@globe.verona.example' type='unavailable'/>",
    "<message to='hamlet@globe.verona.example' type='error' id='m2'/>",
  );
  await romeo.makesRoundTrip();
  const from = "from='romeo@verona.example/orchard'";
  assert.deepEqual(heard, [
    `<message to='globe.verona.example' ${from} id='m1'><body>O</body></message>`,
    `<presence to='hamlet@globe.verona.example/stage' ${from}/>`,
    `<presence to='hamlet@globe.verona.example' ${from} type='unavailable'/>`,
    `<message to='hamlet@globe.verona.example' ${from} type='error' id='m2'/>`,
  ]);
  await stage.receiveNothing(romeo);
});

test("a service answers requests with stanzas of its own", async (t) => {
  const scene = await theatre(t);
  const romeo = await scene.stage.login("romeo");
  scene.play = (stanza) => scene.service.send(resultOf(stanza, xml("play", { xmlns: "urn:example" })));
  await romeo.gets("get", "<what xmlns='urn:example'/>", "hamlet@globe.verona.example", "<play xmlns='urn:example'/>");
});

test("what a service throws, or rejects with, is the answer of the address that was asked", async (t) => {
  const scene = await theatre(t);
  const romeo = await scene.stage.login("romeo");
  const refusals: Service["receive"][] = [
    () => {
      throw new StanzaError("not-allowed", { text: "Groundlings stand." });
    },
    () => Promise.reject(new StanzaError("not-allowed", { text: "Groundlings stand." })),
  ];
  for (const refusal of refusals) {
    scene.play = refusal;
    for (const kind of ["message", "presence"]) {
      romeo.send(`<${kind} to='hamlet@globe.verona.example/stage' id='1'/>`);
      await romeo.receives(
        `<${kind} from='hamlet@globe.verona.example/stage' to='${romeo.jid}' id='1' type='error'><error type='cancel'>` +
          "<not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xml:lang='en' " +
          `xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Groundlings stand.</text></error></${kind}>`,
      );
    }
    await romeo.isRefused("not-allowed", "get", "<what xmlns='urn:example'/>", "globe.verona.example");
  }
});

test("errors and results are never answered (RFC 6120 §8.3.1)", async (t) => {
  const scene = await theatre(t);
  const romeo = await scene.stage.login("romeo");
  scene.play = () => Promise.reject(new StanzaError("not-allowed"));
  romeo.send(
    "<message to='globe.verona.example' type='error'/>",
    "<presence to='globe.verona.example' type='error'/>",
    "<iq to='globe.verona.example' type='result' id='1'/>",
    "<iq to='globe.verona.example' type='error' id='2'/>",
  );
  await scene.stage.receiveNothing(romeo);
  assert.equal(scene.heard.length, 4);
});

test("a failure is logged with the name of the extension, answered as the server's, and harms nobody else", async (t) => {
  const scene = await theatre(t);
  const { stage } = scene;
  const romeo = await stage.login("romeo");
  const failures: Service["receive"][] = [
    () => {
      throw new Error("The roof is on fire.");
    },
    () => Promise.reject(new Error("The roof is on fire.")),
  ];
  for (const failure of failures) {
    scene.play = failure;
    await romeo.isRefused("internal-server-error", "get", "<what xmlns='urn:example'/>", "globe.verona.example");
    const [line = "", ...more] = stage.errors.splice(0);
    assert.match(line, /"extension":"theatre","stage":"service".*roof is on fire.*"extension-failed"/);
    assert.deepEqual(more, []);
  }
  scene.play = () => undefined;
  romeo.send("<message to='globe.verona.example' id='m1'/>");
  await romeo.makesRoundTrip();
  assert.match(scene.heard.at(-1) ?? "", /m1/);
});

test("a request from elsewhere with two children, or none, is a bad one (RFC 6120 §8.2.3)", async (t) => {
  const { stage, heard } = await theatre(t);
  const returned: string[] = [];
  stage.router.remote = { receive: (stanza) => void returned.push(stanza.toXml()) };
  for (const content of ["", "<a xmlns='urn:example'/><b xmlns='urn:example'/>"]) {
    const addresses = "from='juliet@mantua.example' to='globe.verona.example'";
    stage.router.route(parseStanza(`<iq xmlns='jabber:client' ${addresses} type='get' id='1'>${content}</iq>`));
  }
  assert.deepEqual(heard, []);
  assert.equal(returned.length, 2);
  for (const answer of returned) assert.match(answer, /^<iq to='juliet@mantua.example' .*<bad-request /);
});

test("the answer to a request comes back to who asked; all other answers come to the service", async (t) => {
  const { stage, service, heard } = await theatre(t);
  const juliet = await stage.enter("juliet");
  juliet.send(`<presence to='${String(hamlet)}'/>`); // whom she shows herself to may ask her
  await juliet.makesRoundTrip();
  heard.length = 0;
  const answer = service.request(hamlet, Jid.parse(juliet.jid), "get", xml("what", { xmlns: "urn:example" }));
  const { id, from } = (await juliet.next()).attrs as { id: string; from: string };
  assert.equal(from, String(hamlet));
  const others = [`to='globe.verona.example' id='${id}'`, `to='${String(hamlet)}' id='another'`];
  for (const other of others) juliet.send(`<iq type='result' ${other}/>`);
  juliet.send(`<iq type='result' to='${String(hamlet)}' id='${id}'><play xmlns='urn:example'/></iq>`);
  assert.ok((await answer)?.is("play", "urn:example"));
  juliet.send(`<iq type='result' to='${String(hamlet)}' id='${id}'/>`); // once is enough
  await juliet.makesRoundTrip();
  const sender = `from='${juliet.jid}' type='result'`;
  assert.deepEqual(heard, [
    `<iq to='globe.verona.example' ${sender} id='${id}'/>`,
    `<iq to='${String(hamlet)}' ${sender} id='another'/>`,
    `<iq to='${String(hamlet)}' ${sender} id='${id}'/>`,
  ]);
});

test("silence is an answer after a while, errors are at once, and the end of the host is one too", async (t) => {
  const { stage, service } = await theatre(t);
  const juliet = await stage.enter("juliet");
  const ask = (to: string, timeout?: number) =>
    service.request(globe, Jid.parse(to), "get", xml("what", { xmlns: "urn:example" }), timeout);
  const slow = ask(juliet.jid, 1000);
  await juliet.next();
  stage.clock.advance(1000);
  await assert.rejects(slow, { condition: "remote-server-timeout" });
  await assert.rejects(ask("juliet@verona.example/attic"), { condition: "service-unavailable" });
  const last = ask(juliet.jid);
  await juliet.next();
  await Promise.all([assert.rejects(last, { condition: "service-unavailable" }), stage.stop()]);
  await assert.rejects(ask(juliet.jid), { condition: "service-unavailable" });
});

test("a domain is served while its host runs", async (t) => {
  const { stage } = await theatre(t);
  assert.ok(stage.router.serves("globe.verona.example"));
  await stage.stop();
  assert.ok(!stage.router.serves("globe.verona.example"));
});

test("an extension serves no domain but those that its facts name, and none that somebody has taken", async (t) => {
  const opens = (domain: string) =>
    extension({
      name: "rose",
      sentence: "Plays across the street.",
      services: () => ["rose.verona.example"],
      start: (host) => void host.openService(domain, { receive: () => undefined }),
    });
  for (const domain of ["globe.verona.example", "verona.example", "mantua.example"]) {
    await assert.rejects(theatre(t, { extensions: [opens(domain)] }), new RegExp(`rose opens ${domain}`));
  }
  const twice = extension({
    name: "rose",
    sentence: "Plays twice.",
    services: () => ["rose.verona.example"],
    start(host) {
      host.openService("rose.verona.example", { receive: () => undefined });
      host.openService("rose.verona.example", { receive: () => undefined });
    },
  });
  await assert.rejects(theatre(t, { extensions: [twice] }), /rose\.verona\.example is served already/);
});

test("a stanza is over for the stream it came on when the service says that all is on disk", async (t) => {
  const scene = await theatre(t);
  const { router } = scene.stage;
  const handled = new HandledStanzas(() => undefined);
  const finish: (() => void)[] = [];
  scene.play = () => new Promise<void>((resolve) => finish.push(resolve));
  handled.add();
  const addresses = "from='juliet@mantua.example' to='hamlet@globe.verona.example'";
  const letter = parseStanza(`<message xmlns='jabber:client' ${addresses}/>`);
  router.custody.of(handled, () => router.route(letter));
  await scene.stage.settle();
  assert.equal(handled.count, 0);
  finish.pop()?.();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(handled.count, 1);
});

/** Whom the Globe can reach, in all the ways in which they can be there or not. */
const audience = [
  "juliet@verona.example/balcony", // available
  "romeo@verona.example/orchard", // connected, not available
  "juliet@verona.example/attic", // nobody there, but an account that is
  "juliet@verona.example",
  "nurse@verona.example/kitchen", // an account that is not in memory
  "nurse@verona.example",
  "nobody@verona.example/nowhere",
  "verona.example",
  "benvolio@mantua.example/road", // on another server
  "hamlet@globe.verona.example/stage", // the service itself
];
const plays = [
  "<message type='groupchat' id='1'><body>Words, words, words</body></message>",
  "<message type='chat' id='2'><body>Words</body></message>",
  "<message id='3'><body>Words</body></message>",
  "<message type='error' id='4'/>",
  "<presence id='5'><show>dnd</show></presence>",
  "<presence type='unavailable' id='6'/>",
  "<presence type='error' id='7'/>",
  "<iq type='get' id='8'><what xmlns='urn:example'/></iq>",
  "<iq type='result' id='9'/>",
];

/** All that comes to whom when the Globe plays to its whole audience. */
async function performance(t: TestContext, way: "one by one" | "all at once", guarded: boolean): Promise<string[]> {
  const guard = extension({
    name: "guard",
    sentence: "Lets no words through.",
    start: (host) =>
      host.guard("incoming", ["message", "presence"], (stanza) =>
        stanza.toXml().includes("Words") ? new StanzaError("policy-violation") : undefined,
      ),
  });
  const { stage, service, heard } = await theatre(t, guarded ? { extensions: [guard] } : {});
  const elsewhere: string[] = [];
  stage.router.remote = { receive: (stanza) => void elsewhere.push(stanza.toXml()) };
  await stage.account("nurse");
  const juliet = await stage.enter("juliet", "balcony");
  const romeo = await stage.login("romeo", "orchard");
  for (const play of plays) {
    const stanza = parseStanza(play.replace(" ", " xmlns='jabber:client' ")).readdressed(undefined, hamlet);
    if (way === "all at once")
      service.sendToAll(
        stanza,
        audience.map((address) => Jid.parse(address)),
      );
    else for (const address of audience) service.send(stanza.readdressed(Jid.parse(address)));
    await stage.settle();
  }
  const seen = [juliet, romeo].map(({ jid, unexpected }) => [jid, ...unexpected.map(String)].join("\n"));
  return [...seen, heard.join("\n"), elsewhere.join("\n")];
}

test("to many at once is to each of them, one by one, whoever and wherever they are", async (t) => {
  for (const guarded of [false, true]) {
    const all = await performance(t, "all at once", guarded);
    assert.deepEqual(all, await performance(t, "one by one", guarded));
    const [juliet = "", romeo = "", globeItself = "", elsewhere = ""] = all;
    // what proves that there was something to compare
    assert.equal(juliet.includes("Words, words"), !guarded);
    assert.equal(romeo.includes("Words, words"), !guarded);
    assert.match(juliet, /<show>dnd/);
    // RFC 6121 §8.5.3.2.1: who has gone sends the words of a room back
    assert.match(
      globeItself,
      /<message to='hamlet@globe.verona.example\/stage' from='juliet@verona.example\/attic' type='error' id='1'>/,
    );
    assert.match(elsewhere, /Words, words/);
  }
});

test("what goes to many keeps its place behind what went to one before", async (t) => {
  const { stage, service } = await theatre(t);
  const juliet = await stage.enter("juliet", "balcony");
  const here = Jid.parse(juliet.jid);
  const line = (id: string): Stanza => buildStanza("message", { from: hamlet, to: here, id, type: "groupchat" });
  service.send(line("to be"));
  service.sendToAll(line("or not"), [here]);
  service.send(line("to be"));
  for (const id of ["to be", "or not", "to be"]) assert.equal((await juliet.next()).attrs["id"], id);
});
