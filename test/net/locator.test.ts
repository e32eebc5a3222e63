// Where a domain's servers listen: SRV records, the fall-back, names, addresses, failures.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Locator, type LookupStep } from "../../src/net/locator.js";
import { temporaryDirectory } from "./support/certificates.js";
import { problemOf, stageWith, told, written } from "./support/locator.js";

const plain = "_xmpp-server._tcp.verona.example";
const direct = "_xmpps-server._tcp.verona.example";

test("both services are mixed by priority", async (t) => {
  const { locator } = await stageWith(t, [
    `${plain} SRV 30 5 5269 third.verona.example`,
    `${plain} SRV 10 5 5269 First.Verona.Example`,
    `${direct} SRV 20 5 443 second.verona.example`,
  ]);
  const targets = await locator.locate("verona.example");
  assert.deepEqual(written(targets), [
    "first.verona.example:5269",
    "tls:second.verona.example:443",
    "third.verona.example:5269",
  ]);
  assert.deepEqual(new Set(targets.map(({ source }) => source)), new Set(["srv"]));
});

test("a service that is decidedly not there leaves the other one", async (t) => {
  const { dns, locator } = await stageWith(t, [
    `${plain} SRV 0 0 0 .`,
    `${direct} SRV 0 5 5270 xmpp.verona.example`,
    "verona.example A 127.0.0.2",
  ]);
  assert.deepEqual(written(await locator.locate("verona.example")), ["tls:xmpp.verona.example:5270"]);
  dns.serve([`${plain} SRV 0 5 5269 xmpp.verona.example`, `${direct} SRV 0 0 0 .`]);
  locator.forget("verona.example");
  assert.deepEqual(written(await locator.locate("verona.example")), ["xmpp.verona.example:5269"]);
});

test("services that are decidedly not there are an end, whatever address the domain has", async (t) => {
  const none = (service: string): string => `${service} SRV 0 0 0 .`;
  const { dns, locator } = await stageWith(t, [none(plain), none(direct), "verona.example A 127.0.0.2"]);
  assert.equal(
    await problemOf(locator.locate("verona.example")),
    "dns-no-service: verona.example takes no connections from other servers: its SRV records name no usable target " +
      "(“.” says so on purpose). Only its operator can change that.",
  );
  for (const records of [[none(plain)], [none(direct)], [`${plain} SRV 0 5 0 xmpp.verona.example`]]) {
    dns.serve([...records, "verona.example A 127.0.0.2"]);
    locator.forget("verona.example");
    assert.match(await problemOf(locator.locate("verona.example")), /^dns-no-service/);
  }
});

test("without SRV records it is the domain itself, port 5269", async (t) => {
  const { dns, locator } = await stageWith(t, ["verona.example A 127.0.0.2"]);
  assert.deepEqual(await locator.locate("verona.example"), [
    { host: "verona.example", port: 5269, isDirectTls: false, source: "address" },
  ]);
  assert.deepEqual(await locator.addressesOf("verona.example"), ["127.0.0.2"]);
  assert.equal(dns.countOf("verona.example A"), 1, "the addresses were known already");
});

test("a domain that DNS does not know is said so", async (t) => {
  const { locator } = await stageWith(t, ["xmpp.verona.example TXT empty"]);
  assert.equal(
    await problemOf(locator.locate("mantua.example")),
    "dns-not-found: DNS knows no mantua.example: it has neither SRV records nor an address.",
  );
  assert.match(await problemOf(locator.locate("verona.example")), /^dns-not-found: DNS knows no verona\.example/);
  assert.equal(
    await problemOf(locator.addressesOf("xmpp.verona.example")),
    "dns-not-found: DNS knows no address of xmpp.verona.example: it has neither A nor AAAA records.",
  );
});

test("when one service can't be found out, the other one will do", async (t) => {
  const { dns, locator } = await stageWith(t, [
    `${plain} SERVFAIL`,
    `${direct} SRV 0 5 5270 xmpp.verona.example`,
    "verona.example A 127.0.0.2",
  ]);
  assert.deepEqual(written(await locator.locate("verona.example")), ["tls:xmpp.verona.example:5270"]);
  dns.serve([`${direct} REFUSED`, `${plain} SRV 0 5 5269 xmpp.verona.example`]);
  locator.forget("verona.example");
  assert.deepEqual(written(await locator.locate("verona.example")), ["xmpp.verona.example:5269"]);
});

test("when a service can't be found out and there is no other, the domain's address is no substitute", async (t) => {
  const { dns, locator } = await stageWith(t, [`${direct} SERVFAIL`, "verona.example A 127.0.0.2"]);
  assert.equal(
    await problemOf(locator.locate("verona.example")),
    `dns-failed: DNS could not say where verona.example is: for ${direct} SRV, the name server could not find out ` +
      "(SERVFAIL): the domain's own servers are down, or its DNSSEC is broken.",
  );
  dns.serve([`${direct} SERVFAIL`, `${plain} SRV 0 0 0 .`]);
  locator.forget("verona.example");
  assert.match(await problemOf(locator.locate("verona.example")), /^dns-failed/);
});

test("silence ends when the time given is up", async (t) => {
  const { locator } = await stageWith(t, ["* SILENCE"], { timeout: 300 });
  const began = performance.now();
  assert.equal(
    await problemOf(locator.locate("verona.example")),
    `dns-timeout: DNS could not say where verona.example is: for ${plain} SRV, no name server answered in time.`,
  );
  const took = performance.now() - began;
  assert.ok(took >= 290 && took < 2_000, `it took ${took} ms`);
});

test("a locator that is closed waits for nothing any more", async (t) => {
  const { dns, locator } = await stageWith(t, ["* SILENCE"], { timeout: 60_000 });
  const locating = locator.locate("verona.example");
  await Promise.all([dns.untilAsked(`${plain} SRV`), dns.untilAsked(`${direct} SRV`)]);
  locator.close();
  assert.match(await problemOf(locating), /^dns-failed: .* the question failed \(ECANCELLED\)\.$/);
});

test("a question that got lost is asked again before that", async (t) => {
  const { dns, locator } = await stageWith(t, ["* SILENCE"], { timeout: 1_500 });
  const locating = locator.locate("verona.example");
  await Promise.all([dns.untilAsked(`${plain} SRV`), dns.untilAsked(`${direct} SRV`)]);
  dns.serve([`${plain} SRV 0 5 5269 xmpp.verona.example`]);
  assert.deepEqual(written(await locating), ["xmpp.verona.example:5269"]);
});

test("a name server that is not there is said so, and the next one is asked", async (t) => {
  const nobody = "127.0.0.1:1";
  const { dns, locator } = await stageWith(t, ["verona.example A 127.0.0.2"], { servers: [nobody] });
  assert.match(
    await problemOf(locator.locate("verona.example")),
    /^dns-failed: .* nothing listens at the name server's/,
  );
  const other = new Locator({ servers: [nobody, dns.address], timeout: 5_000 });
  assert.deepEqual(await other.addressesOf("verona.example"), ["127.0.0.2"]);
});

test("addresses of both families take turns, and one family does not wait for one that never comes", async (t) => {
  const { locator } = await stageWith(t, [
    "xmpp.verona.example A 127.0.0.2",
    "xmpp.verona.example A 127.0.0.3",
    "xmpp.verona.example AAAA 2001:db8::2",
    "mantua.example A 127.0.0.4",
    "mantua.example AAAA SILENCE",
    "padua.example A SERVFAIL",
    "padua.example AAAA 2001:db8::5",
    "milan.example A SERVFAIL",
  ]);
  assert.deepEqual(await locator.addressesOf("xmpp.verona.example"), ["2001:db8::2", "127.0.0.2", "127.0.0.3"]);
  assert.deepEqual(await locator.addressesOf("mantua.example"), ["127.0.0.4"]);
  assert.deepEqual(await locator.addressesOf("padua.example"), ["2001:db8::5"]);
  assert.match(
    await problemOf(locator.addressesOf("milan.example")),
    /^dns-failed: .*milan\.example A, the name server/,
  );
});

test("the other name of a host is followed", async (t) => {
  const { locator } = await stageWith(t, ["chat.verona.example CNAME verona.example", "verona.example A 127.0.0.2"]);
  assert.deepEqual(await locator.addressesOf("chat.verona.example"), ["127.0.0.2"]);
});

test("names in other scripts are asked for as DNS has them", async (t) => {
  const { dns, locator } = await stageWith(t, [
    "_xmpp-server._tcp.xn--citt-3na.example SRV 0 5 5269 xmpp.verona.example",
    "xn--citt-3na.example A 127.0.0.2",
  ]);
  assert.deepEqual(written(await locator.locate("città.example")), ["xmpp.verona.example:5269"]);
  assert.deepEqual(await locator.addressesOf("Città.example."), ["127.0.0.2"]);
  assert.ok(dns.questions.every((question) => question.includes("xn--citt-3na.example ")));
});

test("a domain that is an address needs no DNS", async (t) => {
  const { dns, locator } = await stageWith(t, []);
  assert.deepEqual(written(await locator.locate("127.0.0.1")), ["127.0.0.1:5269"]);
  assert.deepEqual(await locator.addressesOf("127.0.0.1"), ["127.0.0.1"]);
  const [target] = await locator.locate("[::1]");
  assert.deepEqual(target, { host: "::1", port: 5269, isDirectTls: false, source: "address" });
  assert.deepEqual(await locator.addressesOf("::1"), ["::1"]);
  assert.deepEqual(dns.questions, []);
});

test("names that DNS can't have are not found", async (t) => {
  const { locator } = await stageWith(t, ["verona.example A 127.0.0.2"]);
  for (const name of ["verona example", "", `${"o".repeat(64)}.example`, "..", "verona..example"]) {
    assert.match(await problemOf(locator.locate(name)), /^dns-not-found: .* can't be a name in DNS\.$/);
  }
  const long = `${`${"o".repeat(60)}.`.repeat(4)}verona`;
  assert.match(await problemOf(locator.locate(long)), /^dns-not-found/, "too long with _xmpp-server._tcp before it");
});

test("targets that are no host names are passed over", async (t) => {
  const { locator } = await stageWith(t, [
    `${plain} SRV 0 5 5269 xmpp\u0007verona.example`,
    `${plain} SRV 1 5 5269 xmpp,verona`,
    `${plain} SRV 2 5 5269 xmpp_1.verona.example`,
    `${plain} SRV 3 5 5269 127.0.0.9`,
  ]);
  assert.deepEqual(written(await locator.locate("verona.example")), ["xmpp_1.verona.example:5269", "127.0.0.9:5269"]);
  assert.deepEqual(await locator.addressesOf("127.0.0.9"), ["127.0.0.9"]);
});

test("answers are bounded, even those that need TCP; doubles count once", async (t) => {
  const records = Array.from({ length: 200 }, (_, index) => `${plain} SRV ${index} 5 5269 x${index}.verona.example`);
  const addresses = Array.from({ length: 100 }, (_, index) => `x0.verona.example A 127.0.1.${index}`);
  const { locator } = await stageWith(t, [...records.toReversed(), ...addresses, "x0.verona.example AAAA ::1"]);
  const targets = await locator.locate("verona.example");
  assert.deepEqual(
    targets.map(({ host }) => host),
    Array.from({ length: 32 }, (_, index) => `x${index}.verona.example`),
  );
  assert.equal((await locator.addressesOf("x0.verona.example")).length, 16);
  const { locator: other } = await stageWith(t, Array<string>(9).fill(`${plain} SRV 1 5 5269 xmpp.verona.example`));
  assert.deepEqual(written(await other.locate("verona.example")), ["xmpp.verona.example:5269"]);
});

test("localhost is this machine, and nobody is asked", async () => {
  const locator = new Locator({ servers: [], timeout: 5_000 });
  assert.deepEqual(written(await locator.locate("localhost")), ["localhost:5269"]);
  const addresses = await locator.addressesOf("localhost");
  assert.ok(addresses.includes("127.0.0.1") || addresses.includes("::1"), String(addresses));
  assert.deepEqual(await locator.addressesOf("verona.localhost"), ["::1", "127.0.0.1"]);
});

test("the hosts file has names for which DNS has no address", async (t) => {
  const hostsFile = join(await temporaryDirectory(t), "hosts");
  const records = ["verona.example A 127.0.0.2", "padua.example SERVFAIL"];
  const { locator } = await stageWith(t, records, { hostsFile });
  assert.match(await problemOf(locator.addressesOf("mantua.example")), /^dns-not-found/, "there is no such file");
  await writeFile(
    hostsFile,
    "# made by hand\n127.0.0.3\tMantua.example mantua # tomb\n::1 mantua.example\n127.0.0.9 verona.example padua.example\nmistake here\n",
  );
  assert.deepEqual(written(await locator.locate("mantua.example")), ["mantua.example:5269"]);
  const steps: LookupStep[] = [];
  assert.deepEqual(await locator.addressesOf("mantua.example", (step) => steps.push(step)), ["::1", "127.0.0.3"]);
  assert.equal(told(steps[2] as LookupStep), "mantua.example in the hosts file → ::1, 127.0.0.3");
  assert.deepEqual(await locator.addressesOf("verona.example"), ["127.0.0.2"], "DNS comes first");
  assert.deepEqual(await locator.addressesOf("padua.example"), ["127.0.0.9"]);
});

test("whoever watches hears every question and what came of it", async (t) => {
  const { locator } = await stageWith(t, [
    `${plain} SRV 0 5 5269 xmpp.verona.example`,
    `${direct} SRV 0 0 0 .`,
    "xmpp.verona.example AAAA SERVFAIL",
    "xmpp.verona.example A 127.0.0.2",
  ]);
  const steps: LookupStep[] = [];
  const watch = (step: LookupStep): void => void steps.push(step);
  await locator.locate("verona.example", watch);
  await locator.addressesOf("xmpp.verona.example", watch);
  const lines = steps.map(told);
  assert.deepEqual(lines.slice(0, 2).sort(), [
    `${plain} SRV → 0 5 5269 xmpp.verona.example`,
    `${direct} SRV → 0 0 0 .`,
  ]);
  assert.deepEqual(lines.slice(2).sort(), [
    "xmpp.verona.example A → 127.0.0.2",
    "xmpp.verona.example AAAA → dns-failed",
  ]);
  await locator.addressesOf("xmpp.verona.example", watch);
  assert.deepEqual(steps.slice(4).map(told).sort(), [
    "xmpp.verona.example A → 127.0.0.2, (cached)",
    "xmpp.verona.example AAAA → dns-failed, (cached)",
  ]);
});

test("a name server that is no address is said at once", () => {
  assert.throws(() => new Locator({ servers: ["dns.verona.example"], timeout: 5_000 }), TypeError);
});
