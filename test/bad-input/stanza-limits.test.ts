// What is too large, too deep or too much ends the stream with the error that RFC 6120 names, and nothing else happens.
import { describe, test } from "node:test";
import { rawStage, secretBody } from "../support/raw-stage.js";

const stage = rawStage();
const beforeLogin = 10_000;
const afterLogin = 256 * 1024;

/** A stanza of so many bytes. */
function messageOf(bytes: number, namespace = ""): string {
  const start = `<message ${namespace}to='benvolio@verona.example'><body>${secretBody}`;
  const end = "</body></message>";
  return start + "o".repeat(bytes - start.length - end.length) + end;
}

describe("a stanza larger than allowed gets <policy-violation/> (RFC 6120 §4.9.3.14, §13.12)", () => {
  for (const place of ["trusted", "webSocket"] as const) {
    test(`before login: ${place}`, async () => {
      const tybalt = await stage.connect(place);
      await tybalt.opens();
      tybalt.send(messageOf(beforeLogin + 1, tybalt.stanzaNamespace));
      await tybalt.endsWith("policy-violation");
      await stage.nobodyElseNotices();
    });

    test(`after login, as before it, one of exactly the limit passes: ${place}`, async () => {
      const tybalt = await stage.login("tybalt", place, place);
      tybalt.send(messageOf(afterLogin, tybalt.stanzaNamespace));
      await tybalt.makesRoundTrip();
      await stage.nobodyElseNotices();
    });
  }

  test("after login", async () => {
    const tybalt = await stage.login("tybalt");
    tybalt.send(messageOf(afterLogin + 1));
    await tybalt.endsWith("policy-violation");
    await stage.nobodyElseNotices();
  });

  test("the smallest limit that §13.12 allows holds before login: 10 000 bytes", async () => {
    const tybalt = await stage.connect();
    await tybalt.opens();
    tybalt.send(messageOf(beforeLogin));
    await tybalt.endsWith("not-authorized");
  });
});

test("a frame larger than any stanza ends the WebSocket with 1009 (RFC 6455 §7.4.1)", async () => {
  const tybalt = await stage.login("tybalt", "hall", "webSocket");
  tybalt.send(messageOf(4 * afterLogin, tybalt.stanzaNamespace));
  await tybalt.ends();
  if (tybalt.closeCode !== 1009) throw new Error(`closed with ${tybalt.closeCode}`);
  await stage.nobodyElseNotices();
});

test("a stanza that never ends is stopped at the limit, while it is incomplete", async () => {
  const tybalt = await stage.connect();
  await tybalt.opens();
  tybalt.send(`<message><body>${secretBody}`);
  for (let sent = 0; sent < beforeLogin; sent += 1000) tybalt.send("o".repeat(1000));
  await tybalt.endsWith("policy-violation");
  await stage.nobodyElseNotices();
});

test("a header that never ends is stopped likewise, and our header is sent first (§4.9.1.2)", async () => {
  const tybalt = await stage.connect();
  tybalt.send(`<stream:stream xmlns='jabber:client' to='`);
  for (let sent = 0; sent < beforeLogin; sent += 1000) tybalt.send("o".repeat(1000));
  await tybalt.receives(/<stream:stream [^>]*id='[^']+'/);
  await tybalt.endsWith("policy-violation");
});

const tooMuch: Readonly<Record<string, string>> = {
  "elements too deep": `${"<a>".repeat(64)}${"</a>".repeat(64)}`,
  "too many attributes": `<a ${Array.from({ length: 65 }, (_, index) => `b${index}=''`).join(" ")}/>`,
  "too many namespaces": `<a ${Array.from({ length: 65 }, (_, index) => `xmlns:b${index}='c'`).join(" ")}/>`,
  "too many elements": "<a/>".repeat(10_001),
  "a name too long": `<${"a".repeat(300)}/>`,
};

describe("a stanza with too much in it gets <policy-violation/> (§4.9.3.14)", () => {
  for (const [name, content] of Object.entries(tooMuch)) {
    for (const place of ["trusted", "webSocket"] as const) {
      test(`${name}: ${place}`, async () => {
        const tybalt = await stage.login("tybalt", "hall", place);
        tybalt.send(`<message ${tybalt.stanzaNamespace}>${content}</message>`);
        await tybalt.endsWith("policy-violation");
        await stage.nobodyElseNotices();
      });
    }
  }

  test("before login as well", async () => {
    for (const content of Object.values(tooMuch).filter(({ length }) => length < beforeLogin - 100)) {
      const tybalt = await stage.connect();
      await tybalt.opens();
      tybalt.send(`<message>${content}</message>`);
      await tybalt.endsWith("policy-violation");
    }
  });
});
