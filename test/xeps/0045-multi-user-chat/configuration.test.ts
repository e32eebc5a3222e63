// The configuration of a room: how it is kept, and what a change of it tells occupants (XEP-0045 §10.2.1).
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  configurationCodec,
  defaultConfiguration,
  extraOf,
  type RoomConfiguration,
  statusesOfChange,
  withExtra,
} from "../../../xeps/0045-multi-user-chat/configuration.js";

const balcony: RoomConfiguration = {
  ...defaultConfiguration,
  name: "The balcony",
  isPersistent: true,
  password: "wherefore",
  mostOccupants: 2,
  broadcastRoles: ["moderator"],
  contacts: ["nurse@verona.example"],
  extra: { "muc#roomconfig_slow_mode_duration": ["20"] },
};

test("what is written is read again", () => {
  assert.deepEqual(configurationCodec.decode(configurationCodec.encode(balcony)), balcony);
});

test("what an older program has not written has its default, and what a newer one has added is passed over", () => {
  const read = configurationCodec.decode('{"name":"The tomb","isHaunted":true}');
  assert.deepEqual(read, { ...defaultConfiguration, name: "The tomb" });
  assert.deepEqual(configurationCodec.decode("{}"), defaultConfiguration);
});

test("values of another type are an error, for every part", () => {
  for (const name of Object.keys(defaultConfiguration))
    for (const wrong of [{ a: 1 }, null, -1, [1]])
      assert.throws(() => configurationCodec.decode(JSON.stringify({ [name]: wrong })), /form/, `${name}: ${JSON.stringify(wrong)}`); // prettier-ignore
  for (const wrong of ["[]", "null", "7", '"text"', "{"]) assert.throws(() => configurationCodec.decode(wrong));
  for (const wrong of ['{"broadcastRoles":["king"]}', '{"privateMessages":"king"}', '{"mostHistory":1.5}'])
    assert.throws(() => configurationCodec.decode(wrong), /form/);
});

test("other extensions keep values by the names of their fields", () => {
  assert.deepEqual(extraOf(balcony, "muc#roomconfig_slow_mode_duration"), ["20"]);
  assert.equal(extraOf(balcony, "toString"), undefined);
  assert.equal(extraOf(balcony, "__proto__"), undefined);
  const changed = withExtra(balcony, "hats", ["Lover"]);
  assert.deepEqual(changed.extra, { "muc#roomconfig_slow_mode_duration": ["20"], hats: ["Lover"] });
  assert.equal(extraOf(balcony, "hats"), undefined);
});

test("a change of who sees addresses has its own status, any other is 104, and none is none", () => {
  const open = { ...balcony, isNonAnonymous: true };
  assert.deepEqual(statusesOfChange(balcony, { ...balcony, extra: { ...balcony.extra }, contacts: [...balcony.contacts] }), []); // prettier-ignore
  assert.deepEqual(statusesOfChange(balcony, open), [172]);
  assert.deepEqual(statusesOfChange(open, balcony), [173]);
  assert.deepEqual(statusesOfChange(balcony, { ...open, name: "The orchard" }), [172, 104]);
  assert.deepEqual(statusesOfChange(balcony, withExtra(balcony, "hats", ["Lover"])), [104]);
  const others = Object.keys(balcony).filter((name) => name !== "isNonAnonymous");
  assert.equal(others.length, 17);
  for (const name of others) assert.deepEqual(statusesOfChange(balcony, { ...balcony, [name]: "another" }), [104]);
});
