// XEP-0049: Private XML Storage.
import { test } from "node:test";
import { playServer } from "../support/play-server.js";

const query = (content = ""): string => `<query xmlns='jabber:iq:private'>${content}</query>`;
const nickname = "<exodus xmlns='exodus:prefs'><defaultnick>Hamlet</defaultnick></exodus>";

test("what was kept comes back, to every session and after the next login (§2.3)", async (t) => {
  const stage = await playServer(t);
  const hamlet = await stage.login("hamlet");
  await hamlet.gets("set", query(nickname));
  await hamlet.gets("get", query("<exodus xmlns='exodus:prefs'/>"), undefined, query(nickname));
  await hamlet.leaves();
  const again = await stage.login("hamlet", "castle");
  await again.gets("get", query("<exodus xmlns='exodus:prefs'/>"), "hamlet@verona.example", query(nickname));
});

test("what was never kept comes back empty, as clients expect that ask at each start", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  for (const empty of ["<roster xmlns='roster:delimiter'/>", "<storage xmlns='storage:bookmarks'/>"]) {
    await romeo.gets("get", query(empty), undefined, query(empty));
  }
});

test("name and namespace tell elements apart; the newest takes the place of the last", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  await romeo.gets("set", query("<a xmlns='x'>1</a><b xmlns='x'>2</b>"));
  await romeo.gets("set", query("<a xmlns='x'>3</a>"));
  await romeo.gets("get", query("<a xmlns='x'/>"), undefined, query("<a xmlns='x'>3</a>"));
  await romeo.gets("get", query("<b xmlns='x'/>"), undefined, query("<b xmlns='x'>2</b>"));
});

test("a question right behind a change gets what the change has made", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  const [first, second] = [query("<a xmlns='x'>first</a>"), query("<a xmlns='x'>second</a>")];
  const changes = [romeo.gets("set", first), romeo.gets("set", second)];
  await romeo.gets("get", query("<a xmlns='x'/>"), undefined, second);
  await Promise.all(changes);
});

test("prefixes that were declared further out are kept with the element", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  romeo.send(
    "<iq type='set' id='1' xmlns:p='urn:play'><query xmlns='jabber:iq:private'><p:act><p:scene n='1'/></p:act></query></iq>",
  );
  await romeo.receives("<iq type='result' id='1' to='{any}' from='{any}'/>");
  await romeo.gets(
    "get",
    query("<act xmlns='urn:play'/>"),
    undefined,
    query("<act xmlns='urn:play'><scene n='1'/></act>"),
  );
});

test("an element without a namespace of its own, none, or two at once are not acceptable", async (t) => {
  const stage = await playServer(t);
  const romeo = await stage.login("romeo");
  for (const content of ["", "<exodus/>"]) {
    await romeo.isRefused("not-acceptable", "get", query(content));
    await romeo.isRefused("not-acceptable", "set", query(content));
  }
  await romeo.isRefused("not-acceptable", "get", query("<a xmlns='x'/><b xmlns='y'/>"));
});

test("nobody gets at another's, or learns whether there is one", async (t) => {
  const stage = await playServer(t);
  await stage.befriend("romeo", "juliet");
  const romeo = await stage.login("romeo");
  for (const address of ["juliet@verona.example", "nobody@verona.example"]) {
    await romeo.isRefused("forbidden", "get", query("<a xmlns='x'/>"), address);
    await romeo.isRefused("forbidden", "set", query("<a xmlns='x'/>"), address);
  }
});

test("size and number are limited, and what is there can still be changed", async (t) => {
  const stage = await playServer(t, { config: "[extensions.private-xml]\nmax_elements = 2\nmax_size = '1 KiB'" });
  const romeo = await stage.login("romeo");
  await romeo.isRefused("not-acceptable", "set", query(`<a xmlns='x'>${"ü".repeat(600)}</a>`));
  await romeo.isRefused("resource-constraint", "set", query("<a xmlns='x'/><b xmlns='x'/><c xmlns='x'/>"));
  await romeo.gets("set", query("<a xmlns='x'/><b xmlns='x'/>"));
  await romeo.isRefused("resource-constraint", "set", query("<c xmlns='x'/>"));
  await romeo.gets("set", query("<a xmlns='x'>new</a>"));
});

test("nothing is kept for anonymous users", async (t) => {
  const stage = await playServer(t, { config: "[login]\nanonymous = true" });
  const stranger = stage.connect();
  await stranger.opensStream();
  stranger.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
  await stranger.receives("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
  await stranger.reopensStream();
  await stranger.binds("nowhere");
  await stranger.isRefused("not-allowed", "set", query("<a xmlns='x'/>"));
});
