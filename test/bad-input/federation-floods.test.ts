// Servers that send more than anybody can want, or take nothing: they are slowed down or cut off, and users stay quick.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test, type TestContext } from "node:test";
import { besieged, verona } from "../s2s/support/besieged.js";
import { pace, told } from "../s2s/support/pace.js";
import { management, type Puppet } from "../s2s/support/puppet.js";

const mantua = "mantua.example";
const siege = besieged(
  { [mantua]: "" },
  `
[federation]
require_certificate = false
[servers]
rate = "2 MiB"
outbox_size = "64 KiB"
unacknowledged = 100
queue_stanzas = 500
queue_time = "3s"
negotiation_timeout = "2s"
answer_timeout = "1s"
close_timeout = "500ms"
back_off = "100ms"
`,
);

async function authenticated(): Promise<Puppet> {
  const puppet = await siege.connect(mantua);
  await puppet.authenticates();
  return puppet;
}

/** Two users talk while it goes on, and wait for each other hardly longer than otherwise. */
async function usersStayQuick(t: TestContext, flood: Promise<unknown>): Promise<void> {
  let isOver = false;
  const mercutio = await siege.server.enter("mercutio");
  const [waits] = await Promise.all([
    pace(siege.benvolio, mercutio, () => isOver),
    flood.finally(() => (isOver = true)),
  ]);
  t.diagnostic(told(waits));
  assert.ok(waits.p99 < 500, `p99 ${waits.p99} ms`);
  mercutio.vanishes();
  await siege.nobodyElseNotices();
}

const headline = (content: string, to = "nobody"): string =>
  `<message from='romeo@${mantua}' to='${to}@${verona}' type='headline'><body>${content}</body></message>`;

describe("on a stream with proof,", () => {
  test("eight mebibytes at two a second take three seconds", async (t) => {
    const puppet = await authenticated();
    const begin = performance.now();
    const flood = async (): Promise<void> => {
      const letter = headline("x".repeat(10_000));
      for (let bytes = 0; bytes < 8 * 2 ** 20; bytes += letter.length * 20) await puppet.sent(letter.repeat(20));
      puppet.send(headline("the flood is over", "juliet"));
      await siege.juliet.receives("the flood is over");
    };
    await usersStayQuick(t, flood());
    const seconds = (performance.now() - begin) / 1000;
    assert.ok(seconds > 2.8, `${seconds} s`);
    puppet.vanishes();
  });

  test("twenty thousand stanzas arrive in order", async (t) => {
    const puppet = await authenticated();
    const flood = async (): Promise<void> => {
      for (let part = 0; part < 20; part += 1) {
        await puppet.sent(headline("x").repeat(1000));
        puppet.send(headline(`part ${part} is over`, "juliet"));
      }
      for (let part = 0; part < 20; part += 1) await siege.juliet.receives(`part ${part} is over`);
    };
    await usersStayQuick(t, flood());
    puppet.vanishes();
  });
});

describe("who asks and asks and reads no answer is cut off: <policy-violation/> (RFC 6120 §13.12)", () => {
  const text = "We ended the stream: policy-violation: Too much is waiting to be read.";

  test("for acknowledgements", async (t) => {
    const puppet = await authenticated();
    puppet.send(`<enable xmlns='${management}'/>`);
    await puppet.receives("<enabled ");
    const flood = asks(puppet, `<r xmlns='${management}'/>`).then(() =>
      siege.logs("s2s-closed", { remote: mantua, text }),
    );
    await usersStayQuick(t, flood);
  });

  test("whether keys are right, without any proof", async (t) => {
    const puppet = await siege.connect(mantua);
    await puppet.opensInTls();
    const flood = asks(puppet, `<db:verify from='${mantua}' to='${verona}' id='x'>0</db:verify>`);
    await usersStayQuick(
      t,
      flood.then(() => siege.logs("s2s-rejected", { remote: mantua, text })),
    );
  });

  async function asks(puppet: Puppet, question: string): Promise<void> {
    puppet.stopsReading();
    while (await puppet.sent(question.repeat(1000)));
    assert.ok([...siege.server.server.federation.incoming].every(({ stream }) => stream.outbox.bytes < 100_000));
  }
});

test("who claims three thousand domains on one stream is asked about ten at a time: <resource-constraint/> (XEP-0220 §2.5)", async (t) => {
  const puppet = await siege.connect(mantua, { identity: undefined });
  await puppet.opensInTls();
  const claim = (index: number): string => `<db:result from='d${index}.example' to='${verona}'>0</db:result>`;
  const refusal =
    /<db:result [^>]*type='error'><error [^>]*><(resource-constraint|remote-server-not-found) .*?<\/db:result>/;
  const flood = async (): Promise<void> => {
    for (let index = 0; index < 3000; index += 1) {
      puppet.send(claim(index));
      if (index % 100 < 99) continue;
      for (let count = 0; count < 100; count += 1) await puppet.receives(refusal);
    }
  };
  await usersStayQuick(t, flood());
  assert.ok(puppet.heard.split("<resource-constraint ").length > 2000);
  assert.equal(siege.server.server.federation.domains.has("d0.example"), false);
  puppet.send(siege.intrusion("x@d0.example"));
  await puppet.endsWith("not-authorized");
  await siege.nobodyElseNotices();
});

test("two thousand connections that say nothing are closed in time: <connection-timeout/> (RFC 6120 §4.9.3.4)", async (t) => {
  let heard = "";
  const silence = async (): Promise<void> => {
    const ends: Promise<unknown>[] = [];
    for (let index = 0; index < 2000; index += 1) {
      const socket = connect(siege.server.port("s2s"), "127.0.0.1").on("error", () => undefined);
      ends.push(once(socket, "close"));
      socket.on("data", (bytes: Buffer) => (heard = bytes.toString()));
      if (index % 10 === 9) await new Promise((resolve) => setImmediate(resolve)); // users live in the same process
    }
    await Promise.all(ends);
  };
  await usersStayQuick(t, silence());
  assert.match(heard, /<stream:error><connection-timeout .*<\/stream:stream>$/);
  assert.equal(siege.server.server.federation.incoming.size, 0);
});

test("a server that takes nothing fills no more than its queue, and every letter comes back in time (RFC 6120 §8.3.3.17, §8.3.3.18)", async (t) => {
  const { federation } = siege.server.server;
  const count = 3000;
  const accepted = siege.peer(mantua).accept();
  const letter = (id: number): string =>
    `<message to='romeo@${mantua}' type='chat' id='m${id}'><body>${"x".repeat(1000)}</body></message>`;
  siege.juliet.send(letter(0));
  const puppet = await accepted;
  await puppet.believes(`<sm xmlns='${management}'/>`);
  await puppet.receives("<enable ");
  puppet.send(`<enabled xmlns='${management}'/>`);
  await puppet.receives("id='m0'");
  puppet.stopsReading();
  let most = 0;
  const flood = async (): Promise<void> => {
    for (let id = 1; id < count; id += 1) siege.juliet.send(letter(id));
    for (let back = 0; back < count; back += 1) {
      await siege.juliet.receives(
        /<message [^>]*type='error'.*?<(resource-constraint|remote-server-timeout) .*?<\/message>/,
      );
      most = Math.max(most, federation.pool.bytes);
    }
  };
  const begin = performance.now();
  await usersStayQuick(t, flood());
  const seconds = (performance.now() - begin) / 1000;
  t.diagnostic(`all back after ${seconds.toFixed(1)} s; waiting at most ${most} bytes`);
  assert.ok(most <= 500 * 1500, `${most} bytes were waiting`);
  assert.ok(seconds < 3 + 1 + 6, `${seconds} s`); // the queue's time, a second until it is noticed, and the machine's own business
  assert.ok(siege.juliet.heard.split("<resource-constraint ").length > 2000);
  assert.equal(federation.pool.bytes, 0);
});
