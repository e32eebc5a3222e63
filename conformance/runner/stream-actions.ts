// Actions below the stanzas: stream headers, TLS, SASL by hand, stream errors, ends.
import type { SecureVersion } from "node:tls";
import { describe } from "../client/connection.js";
import * as login from "../client/log-in.js";
import { Scram } from "../client/scram.js";
import { match } from "../scene/match.js";
import { childOf, elementsIn, NS, serialize, textOf, type XmlElement } from "../xml/element.js";
import { settingsOf, type Action, type Cue } from "./action.js";

export const streamActions: readonly Action[] = [
  [/^opens a stream$/, opensAStream],
  [/^expects a new stream$/, ({ actor }) => actor.connection.expectNewStream()],
  [/^receives stream header$/, receivesHeader],
  [/^receives stream features$/, receivesFeatures],
  [/^has stream features$/, hasFeatures],
  [/^receives stream error$/, receivesStreamError],
  [/^closes the stream$/, closesTheStream],
  [/^sees the stream closed$/, seesTheStreamClosed],
  [/^sees the connection closed$/, seesTheConnectionClosed],
  [/^starts TLS(?: with version (1\.\d))?$/, startsTls],
  [/^fails to start TLS(?: with version (1\.\d))?$/, failsToStartTls],
  [
    /^secures the stream$/,
    async ({ actor, stage }) => {
      actor.features = await login.openSecureStream(actor.connection, stage.server);
    },
  ],
  [/^authenticates(?: with (\S+))?$/, authenticates],
  [/^starts (SCRAM-\S+)$/, startsScram],
  [/^answers the challenge$/, answersTheChallenge],
  [/^receives SASL success$/, receivesSaslSuccess],
  [/^receives SASL failure$/, receivesSaslFailure],
];

function opensAStream({ actor, stage, step }: Cue): void {
  const { connection } = actor;
  connection.expectNewStream();
  const standard = login.streamHeader(connection.wire.isFramed, stage.server.domain);
  connection.send(step.block === "" ? standard : stage.expand(step.block));
}

async function receivesHeader({ actor, stage, step }: Cue): Promise<void> {
  const event = await actor.connection.next();
  if (event.kind !== "header") throw new Error(`expected a stream header, but came ${describe(event)}`);
  if (step.block === "") return;
  const text = stage.expand(step.block).replace(/\/?>\s*$/, "/>");
  const [expected] = stage.elements(text);
  const result = expected === undefined ? { mismatch: "the scene says no header" } : match(expected, event.element);
  if ("mismatch" in result) throw new Error(`${result.mismatch}\n  came ${serialize(event.element)}`);
  for (const [name, value] of result.captures) stage.variables.set(name, value);
}

async function receivesFeatures(cue: Cue): Promise<void> {
  cue.actor.features = await cue.actor.connection.nextElement();
  hasFeatures(cue);
}

/** Looks once more at the features of the stream, received by whatever action. */
function hasFeatures({ actor, stage, step }: Cue): void {
  const came = actor.features;
  if (came?.name !== "features") throw new Error(`expected features, but came ${came ? serialize(came) : "nothing"}`);
  for (const expected of step.block === "" ? [] : stage.elements(step.block)) {
    const result = match(expected, came);
    if ("mismatch" in result) throw new Error(`${result.mismatch}\n  came ${serialize(came)}`);
  }
}

/** One of the conditions named, separated by `or`; without any, whatever condition. */
async function receivesStreamError({ actor, step }: Cue): Promise<void> {
  const element = await actor.connection.nextElement();
  if (element.name !== "error" || element.namespace !== NS.stream) {
    throw new Error(`expected a stream error, but came ${serialize(element)}`);
  }
  const condition = elementsIn(element).find(({ namespace }) => namespace === NS.streams)?.name;
  const allowed = step.argument.split(/\s+or\s+/);
  if (step.argument !== "" && !allowed.includes(condition ?? "")) {
    throw new Error(`expected the stream error ${step.argument}, but came ${serialize(element)}`);
  }
}

function closesTheStream({ actor: { connection } }: Cue): void {
  connection.send(connection.wire.isFramed ? `<close xmlns='${NS.framing}'/>` : "</stream:stream>");
}

async function seesTheStreamClosed({ actor }: Cue): Promise<void> {
  const event = await actor.connection.next();
  if (event.kind !== "stream-end") throw new Error(`expected the end of the stream, but came ${describe(event)}`);
}

async function seesTheConnectionClosed({ actor }: Cue): Promise<void> {
  const event = await actor.connection.next();
  if (event.kind !== "connection-end")
    throw new Error(`expected the end of the connection, but came ${describe(event)}`);
  actor.isConnected = false;
}

async function startsTls({ actor, stage, words }: Cue): Promise<void> {
  const version = words[0] === undefined ? {} : { version: `TLSv${words[0]}` as SecureVersion };
  await login.upgradeToTls(actor.connection, { ...login.tlsWish(stage.server), ...version });
}

async function failsToStartTls(cue: Cue): Promise<void> {
  const outcome = await Promise.resolve(startsTls(cue)).then(
    () => "success",
    () => "failure",
  );
  if (outcome === "success") throw new Error("TLS was negotiated, but should not have been");
}

/** Authenticates and restarts the stream. */
async function authenticates({ actor, stage, words }: Cue): Promise<void> {
  const features = actor.features ?? (await login.openSecureStream(actor.connection, stage.server));
  await login.authenticate(actor.connection, actor.account, features, words[0]);
  actor.features = await login.openStream(actor.connection, stage.server.domain);
}

/** Settings in the block: `username`, `password`, `authzid`, `flag` (gs2), `type` (of channel binding). */
function startsScram(cue: Cue): void {
  const { actor, words } = cue;
  const settings = settingsOf(cue);
  const mechanism = words[0] ?? "";
  const isBound = mechanism.endsWith("-PLUS");
  const honest = isBound
    ? login.channelBinding(actor.connection, settings.get("type"))
    : { flag: "n", data: Buffer.alloc(0) };
  const binding = { flag: settings.get("flag") ?? honest.flag, data: honest.data };
  const username = settings.get("username") ?? actor.account.localpart;
  actor.scram = new Scram(mechanism, username, settings.get("password") ?? actor.account.password, binding);
  const authzid = settings.get("authzid");
  if (authzid !== undefined) actor.scram.mistakes.authzid = authzid;
  actor.connection.send(
    `<auth xmlns='${NS.sasl}' mechanism='${mechanism}'>${login.toBase64(actor.scram.first())}</auth>`,
  );
}

/** Settings in the block: `nonce`, `binding`, `proof` to be sent instead of the right ones. */
async function answersTheChallenge(cue: Cue): Promise<void> {
  const { connection, scram } = cue.actor;
  if (scram === undefined) throw new Error("no SCRAM exchange is under way");
  Object.assign(scram.mistakes, Object.fromEntries(settingsOf(cue)));
  const challenge = await connection.nextElement();
  if (challenge.name !== "challenge") throw new Error(`expected a challenge, but came ${serialize(challenge)}`);
  const response = await scram.final(login.fromBase64(textOf(challenge)));
  connection.send(`<response xmlns='${NS.sasl}'>${login.toBase64(response)}</response>`);
}

async function receivesSaslSuccess({ actor }: Cue): Promise<void> {
  const outcome = await saslOutcome(actor.connection.nextElement(), "success");
  if (actor.scram !== undefined && !actor.scram.isServerProven(login.fromBase64(textOf(outcome)))) {
    throw new Error("the server did not prove that it knows the keys (RFC 5802 §5)");
  }
}

async function receivesSaslFailure({ actor, step }: Cue): Promise<void> {
  const failure = await saslOutcome(actor.connection.nextElement(), "failure");
  const allowed = step.argument.split(/\s+or\s+/);
  if (step.argument !== "" && !allowed.some((condition) => childOf(failure, condition) !== undefined)) {
    throw new Error(`expected the SASL failure ${step.argument}, but came ${serialize(failure)}`);
  }
}

async function saslOutcome(coming: Promise<XmlElement>, expected: string): Promise<XmlElement> {
  const element = await coming;
  if (element.name === expected && element.namespace === NS.sasl) return element;
  throw new Error(`expected SASL ${expected}, but came ${serialize(element)}`);
}
