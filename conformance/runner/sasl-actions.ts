// Actions of logging in by hand: SASL step by step, rightly and wrongly.
import * as login from "../client/log-in.js";
import { Scram } from "../client/scram.js";
import { childOf, NS, serialize, textOf, type XmlElement } from "../xml/element.js";
import { settingsOf, type Action, type Cue } from "./action.js";
import { openSecured } from "./server-actions.js";

export const saslActions: readonly Action[] = [
  [
    /^secures the stream$/,
    async ({ actor, stage }) => {
      actor.features = actor.isServer
        ? await openSecured(actor, stage)
        : await login.openSecureStream(actor.connection, stage.server);
    },
  ],
  [/^authenticates(?: with (\S+))?$/, authenticates],
  [/^starts (SCRAM-\S+)$/, startsScram],
  [/^answers the challenge$/, answersTheChallenge],
  [/^receives SASL success$/, receivesSaslSuccess],
  [/^receives SASL failure$/, receivesSaslFailure],
  [/^answers the challenge, if there is one$/, answersTheChallengeIfAny],
  [/^is offered (\S+) before (\S+)$/, isOfferedBefore],
  [/^is asked for at least (\d+) iterations$/, isAskedForIterations],
  [/^keeps the salt as (\w+)$/, keepsTheSalt],
];

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
  cue.actor.challenge = login.fromBase64(textOf(challenge));
  const response = await scram.final(cue.actor.challenge);
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

/** The failure may come at once, or only when the exchange is complete. */
async function answersTheChallengeIfAny(cue: Cue): Promise<void> {
  const event = await cue.actor.connection.next();
  cue.actor.connection.putBack([event]);
  if (event.kind === "element" && event.element.name === "challenge") await answersTheChallenge(cue);
}

function keepsTheSalt({ actor, stage, words }: Cue): void {
  const salt = /,s=([^,]*)/.exec(actor.challenge ?? "")?.[1];
  if (salt === undefined) throw new Error(`there is no salt in ${actor.challenge ?? "no challenge"}`);
  stage.variables.set(words[0] ?? "", salt);
}

/** The order of mechanisms is the server's preference (RFC 6120 §6.4.1). */
function isOfferedBefore({ actor, words }: Cue): void {
  const offered = actor.features === undefined ? [] : login.mechanismsIn(actor.features);
  const [first, second] = words.map((name) => offered.indexOf(name));
  if (first === undefined || second === undefined || first < 0 || (second >= 0 && second < first)) {
    throw new Error(`the mechanisms are ${offered.join(", ")}`);
  }
}

function isAskedForIterations({ actor, words }: Cue): void {
  const iterations = Number(/,i=(\d+)/.exec(actor.challenge ?? "")?.[1]);
  if (!(iterations >= Number(words[0]))) throw new Error(`${iterations} iterations were asked for`);
}
