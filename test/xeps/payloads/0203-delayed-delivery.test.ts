// XEP-0203: Delayed Delivery, and the moments of XEP-0082.
import assert from "node:assert/strict";
import { test } from "node:test";
import { buildStanza, Jid, xml } from "../../../src/extension/index.js";
import { dateTime, readDateTime } from "../../../xeps/payloads/0082-date-time.js";
import { delayElement, delayOf } from "../../../xeps/payloads/0203-delayed-delivery.js";

test("moments are written in UTC and read in any offset", () => {
  const time = Date.UTC(2002, 8, 10, 23, 8, 25);
  assert.equal(dateTime(time), "2002-09-10T23:08:25Z");
  assert.equal(dateTime(time + 7), "2002-09-10T23:08:25.007Z");
  for (const text of ["2002-09-10T23:08:25Z", "2002-09-10T18:38:25-04:30", "2002-09-10T23:08:25.000+00:00"]) {
    assert.equal(readDateTime(text), time, text);
  }
});

test("what is no moment is none", () => {
  for (const text of [
    "",
    "yesterday",
    "2002-09-10",
    "2002-13-10T23:08:25Z",
    "2002-09-10T23:08:25",
    "20020910T23:08:25",
  ]) {
    assert.equal(readDateTime(text), undefined, text);
  }
});

test("a delay is written and read", () => {
  const [from, time] = [Jid.parse("capulet.com"), Date.UTC(2002, 8, 10, 23, 8, 25)];
  const message = buildStanza("message", {}, delayElement(from, time, "Offline Storage"));
  assert.match(message.toXml(), /stamp="2002-09-10T23:08:25Z">Offline Storage</);
  assert.deepEqual(delayOf(message), { from, time });
});

test("a delay that can't be read counts as none, a sender that can't be read as unknown", () => {
  const stamped = (attributes: Record<string, string>) =>
    delayOf(buildStanza("message", {}, xml("delay", { xmlns: "urn:xmpp:delay", ...attributes })));
  assert.equal(delayOf(buildStanza("message", {})), undefined);
  assert.equal(stamped({ from: "capulet.com" }), undefined);
  assert.equal(stamped({ stamp: "soon" }), undefined);
  assert.deepEqual(stamped({ stamp: "1970-01-01T00:00:01Z", from: "@" }), { from: undefined, time: 1000 });
});
