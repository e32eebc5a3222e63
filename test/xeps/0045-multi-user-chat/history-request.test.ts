// How much of a room's history a newcomer wants and gets (XEP-0045 §7.2.14).
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chosenHistory,
  type HistoryRequest,
  historyRequestOf,
} from "../../../xeps/0045-multi-user-chat/history-request.js";
import { elementOf } from "../../support/same-xml.js";

const now = Date.UTC(2026, 0, 1, 12);

function request(attributes: string): HistoryRequest {
  return historyRequestOf(elementOf(`<x xmlns='http://jabber.org/protocol/muc'><history ${attributes}/></x>`), now);
}

test("whoever asks for nothing is limited by nothing but the room", () => {
  assert.deepEqual(historyRequestOf(undefined, now), {});
  assert.deepEqual(historyRequestOf(elementOf("<x xmlns='http://jabber.org/protocol/muc'/>"), now), {});
  assert.deepEqual(request(""), {});
  const foreign = elementOf("<x xmlns='http://jabber.org/protocol/muc'><history xmlns='urn:other' maxchars='0'/></x>");
  assert.deepEqual(historyRequestOf(foreign, now), {});
});

test("each limit is read, and of both moments the later", () => {
  assert.deepEqual(request("maxstanzas='20'"), { mostMessages: 20 });
  assert.deepEqual(request("maxchars='0'"), { mostCharacters: 0 });
  assert.deepEqual(request("seconds='180'"), { since: now - 180_000 });
  assert.deepEqual(request("since='1970-01-01T00:00:00Z'"), { since: 0 });
  assert.deepEqual(request("since='2026-01-01T11:59:00Z' seconds='180'"), { since: now - 60_000 });
  assert.deepEqual(request("since='2026-01-01T11:00:00+00:00' seconds='0' maxstanzas=' 3 ' maxchars='+9'"), {
    mostMessages: 3,
    mostCharacters: 9,
    since: now,
  });
});

test("what can't be read is passed over, and huge numbers are limits that don't limit", () => {
  for (const wrong of ["", "-1", "ten", "1.5", "1e3", "0x10", "NaN", "Infinity"])
    assert.deepEqual(
      request(`maxstanzas='${wrong}' maxchars='${wrong}' seconds='${wrong}' since='${wrong}'`),
      {},
      wrong,
    );
  for (const wrong of ["20260101T12:00:00", "2026-13-01T00:00:00Z", "yesterday", "999999999-01-01T00:00:00Z"])
    assert.deepEqual(request(`since='${wrong}'`), {}, wrong);
  const huge = "9".repeat(400);
  const most = Number.MAX_SAFE_INTEGER;
  assert.deepEqual(request(`maxstanzas='${huge}' maxchars='${huge}' seconds='${huge}'`), { mostMessages: most, mostCharacters: most, since: 0 }); // prettier-ignore
});

const history = [10, 200, 30, 40].map((characters, index) => ({ at: index * 1000, characters, line: index }));

function chosen(limits: HistoryRequest): number[] {
  return chosenHistory(history, limits).map(({ line }) => line);
}

test("the newest messages are chosen, whole and without a gap", () => {
  assert.deepEqual(chosen({}), [0, 1, 2, 3]);
  assert.deepEqual(chosen({ mostMessages: 2 }), [2, 3]);
  assert.deepEqual(chosen({ mostMessages: 0 }), []);
  assert.deepEqual(chosen({ mostMessages: 9 }), [0, 1, 2, 3]);
  assert.deepEqual(chosen({ mostCharacters: 0 }), []);
  assert.deepEqual(chosen({ mostCharacters: 39 }), []);
  assert.deepEqual(chosen({ mostCharacters: 70 }), [2, 3]);
  assert.deepEqual(chosen({ mostCharacters: 100 }), [2, 3]);
  assert.deepEqual(chosen({ since: 1000 }), [1, 2, 3]);
  assert.deepEqual(chosen({ since: 1001 }), [2, 3]);
  assert.deepEqual(chosen({ since: 9000 }), []);
  assert.deepEqual(chosen({ since: 0, mostMessages: 3, mostCharacters: 71 }), [2, 3]);
  assert.deepEqual(chosenHistory([], { mostMessages: 3 }), []);
});
