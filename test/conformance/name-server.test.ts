// The name server of the scenes, as a resolver sees it.
import assert from "node:assert/strict";
import { Resolver } from "node:dns/promises";
import test, { type TestContext } from "node:test";
import { NameServer } from "../../conformance/peer/name-server.js";

async function stage(t: TestContext): Promise<{ names: NameServer; resolver: Resolver }> {
  const names = await NameServer.start();
  t.after(() => names.stop());
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  resolver.setServers([`127.0.0.1:${names.port}`]);
  return { names, resolver };
}

test("a domain has the services that it was given, all on this machine", async (t) => {
  const { names, resolver } = await stage(t);
  names.add("mantua.example", { name: "_xmpp-server._tcp", port: 5269 });
  const found = await resolver.resolveSrv("_xmpp-server._tcp.mantua.example");
  assert.deepEqual(
    found.map(({ name, port }) => [name, port]),
    [["localhost", 5269]],
  );
  assert.deepEqual(await resolver.resolve4("localhost"), ["127.0.0.1"]);
});

test("names are the same in capitals", async (t) => {
  const { names, resolver } = await stage(t);
  names.add("mantua.example", { name: "_xmpp-server._tcp", port: 5269 });
  assert.equal((await resolver.resolveSrv("_XMPP-Server._tcp.MANTUA.example")).length, 1);
});

test("what a domain does not have is empty, what nobody has is not found", async (t) => {
  const { names, resolver } = await stage(t);
  names.add("mantua.example", { name: "_xmpp-server._tcp", port: 5269 });
  await assert.rejects(resolver.resolve4("mantua.example"), { code: "ENODATA" });
  await assert.rejects(resolver.resolveSrv("_xmpps-server._tcp.mantua.example"), { code: "ENOTFOUND" });
  await assert.rejects(resolver.resolve4("padua.example"), { code: "ENOTFOUND" });
});

test("a domain that has left is not found", async (t) => {
  const { names, resolver } = await stage(t);
  names.add("mantua.example", { name: "_xmpp-server._tcp", port: 5269 });
  names.remove("mantua.example");
  await assert.rejects(resolver.resolveSrv("_xmpp-server._tcp.mantua.example"), { code: "ENOTFOUND" });
});
