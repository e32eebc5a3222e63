// What two people on two servers do with one another. Each scene goes on where the one before has ended.
import assert from "node:assert/strict";
import { bodyOf, problemIn, type Actor } from "./actor.js";

/** Each asks for the other's presence and is granted it (RFC 6121 §3.1). */
export async function befriend(romeo: Actor, juliet: Actor): Promise<void> {
  await askAndApprove(romeo, juliet);
  await askAndApprove(juliet, romeo);
}

async function askAndApprove(suitor: Actor, beloved: Actor): Promise<void> {
  suitor.says(`<presence type='subscribe' to='${beloved.address}'/>`);
  await beloved.sees(suitor, "subscribe");
  beloved.says(`<presence type='subscribed' to='${suitor.address}'/>`);
  await suitor.sees(beloved, "subscribed");
  await suitor.sees(beloved);
}

/** Both see what the other is up to (RFC 6121 §4.4). */
export async function lookAway(romeo: Actor, juliet: Actor): Promise<void> {
  romeo.says("<presence><show>away</show></presence>");
  await juliet.sees(romeo, undefined, "away");
  juliet.says("<presence><show>dnd</show></presence>");
  await romeo.sees(juliet, undefined, "dnd");
}

export async function talk(romeo: Actor, juliet: Actor): Promise<void> {
  romeo.writes(juliet, "Call me but love");
  await juliet.reads(romeo, "Call me but love");
  juliet.writes(romeo, "Art thou not Romeo &amp; a &lt;Montague&gt;?");
  await romeo.reads(juliet, "Art thou not Romeo & a <Montague>?");
}

/** What one says fast arrives in order (RFC 6120 §10.1). */
export async function talkFast(romeo: Actor, juliet: Actor): Promise<void> {
  const lines = Array.from({ length: 50 }, (_, index) => `Line ${index}`);
  for (const line of lines) romeo.writes(juliet, line);
  for (const line of lines) await juliet.reads(romeo, line);
  const heard = juliet.received.map(bodyOf).filter((body) => body?.startsWith("Line "));
  assert.deepEqual(heard, lines);
}

/** Requests to the other's server, and to the other. */
export async function enquire(romeo: Actor, juliet: Actor): Promise<void> {
  for (const [one, other] of [
    [romeo, juliet],
    [juliet, romeo],
  ] as const) {
    assert.equal((await one.gets("urn:xmpp:ping", other.server, "ping")).attributes.get("type"), "result");
    assert.equal((await one.gets("jabber:iq:version", other.server)).attributes.get("type"), "result");
    const [answer] = await Promise.all([one.gets("jabber:iq:version", other.jid), other.answers(one.jid)]);
    assert.equal(answer.attributes.get("type"), "result");
  }
}

/** 100 KiB, more than one TLS record and one read. */
export async function writeAtLength(romeo: Actor, juliet: Actor): Promise<void> {
  const speech = "What's in a name? ".repeat(5690).slice(0, 102_400);
  romeo.writes(juliet, speech);
  await juliet.reads(romeo, speech);
  juliet.writes(romeo, speech);
  await romeo.reads(juliet, speech);
}

/** Whoever is not there is told later, and once (RFC 6121 §8.5.2.2.1, XEP-0160). */
export async function writeToTheAbsent(romeo: Actor, juliet: Actor): Promise<void> {
  await juliet.leaves();
  await romeo.sees(juliet, "unavailable");
  romeo.writes(juliet, "Wilt thou leave me so unsatisfied?");
  await romeo.gets("urn:xmpp:ping", juliet.server, "ping"); // it came after the message, so that has arrived
  await juliet.enters();
  await juliet.reads(romeo, "Wilt thou leave me so unsatisfied?");
  await romeo.sees(juliet);
  await juliet.sees(romeo, undefined, "away");
  await juliet.gets("urn:xmpp:ping", romeo.server, "ping");
  assert.equal(juliet.hasRead("Wilt thou leave me so unsatisfied?"), 1);
}

/** An account that does not exist (RFC 6121 §8.5.1). */
export async function writeToNobody(romeo: Actor, juliet: Actor): Promise<void> {
  for (const [one, other] of [
    [romeo, juliet],
    [juliet, romeo],
  ] as const) {
    const nobody = `rosaline@${other.server}`;
    one.writes({ address: nobody }, "Art thou there?", "to-nobody");
    const { condition } = await one.isRefused({ kind: "message", from: nobody, id: "to-nobody" });
    assert.match(condition, /^(service-unavailable|item-not-found)$/);
    const answer = problemIn(await one.gets("jabber:iq:version", nobody));
    assert.match(answer.condition, /^(service-unavailable|item-not-found)$/);
  }
}

/** Nobody sees the other any more after it (RFC 6121 §3.2, §3.3). */
export async function partForEver(romeo: Actor, juliet: Actor): Promise<void> {
  romeo.says(`<presence type='unsubscribe' to='${juliet.address}'/>`);
  await juliet.sees(romeo, "unsubscribe");
  await romeo.sees(juliet, "unavailable");
  romeo.says(`<presence type='unsubscribed' to='${juliet.address}'/>`);
  await juliet.sees(romeo, "unsubscribed");
}
