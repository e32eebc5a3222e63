// Actions below the stanzas: stream headers, features, TLS.
import type { SecureVersion } from "node:tls";
import { describe } from "../client/connection.js";
import * as login from "../client/log-in.js";
import { match } from "../scene/match.js";
import { serialize } from "../xml/element.js";
import type { Action, Cue } from "./action.js";
import { headerOf, wishOf } from "./lines.js";

export const streamActions: readonly Action[] = [
  [/^opens a stream$/, opensAStream],
  [/^expects a new stream$/, ({ actor }) => actor.connection.expectNewStream()],
  [/^receives stream header$/, receivesHeader],
  [/^receives stream features$/, receivesFeatures],
  [/^has stream features$/, hasFeatures],
  [/^is refused a connection$/, isRefused],
  [/^starts TLS(?: with version (1\.\d))?$/, startsTls],
  [/^fails to start TLS with version (1\.\d)$/, failsToStartTls],
  [/^negotiates TLS$/, ({ actor, stage }) => actor.connection.startTls(wishOf(stage, actor))],
  [/^tries to negotiate TLS$/, triesToNegotiateTls],
  [/^pings the WebSocket$/, ({ actor }) => actor.connection.wire.ping()],
  [/^expects no more XML$/, ({ actor }) => actor.connection.expectNoXml()],
];

function opensAStream({ actor, stage, step }: Cue): void {
  const { connection } = actor;
  connection.expectNewStream();
  connection.send(step.block === "" ? headerOf(stage, actor) : stage.expand(step.block));
}

async function receivesHeader({ actor, stage, step }: Cue): Promise<void> {
  const event = await actor.connection.next();
  if (event.kind !== "header") throw new Error(`expected a stream header, but came ${describe(event)}`);
  stage.opened(actor, event.element);
  if (step.block === "") return;
  const text = stage.expand(step.block).replace(/\/?>\s*$/, "/>");
  const [expected] = stage.elements(text, actor.contentNamespace);
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
  for (const expected of step.block === "" ? [] : stage.elements(step.block, actor.contentNamespace)) {
    const result = match(expected, came);
    if ("mismatch" in result) throw new Error(`${result.mismatch}\n  came ${serialize(came)}`);
  }
}

async function isRefused({ actor, stage }: Cue): Promise<void> {
  const subprotocol = actor.character.properties.get("subprotocol");
  const outcome = await login.openConnection(actor.connection, stage.server, actor.transportKind, subprotocol).then(
    () => "accepted",
    () => "refused",
  );
  if (outcome === "accepted") throw new Error("the connection was accepted, but should not have been");
}

async function startsTls({ actor, stage, words }: Cue): Promise<void> {
  const version = words[0] === undefined ? {} : { version: tlsVersion(words[0]) };
  await login.upgradeToTls(actor.connection, { ...wishOf(stage, actor), ...version });
}

function tlsVersion(number: string): SecureVersion {
  const version = (["TLSv1.1", "TLSv1.2", "TLSv1.3"] as const).find((name) => name === `TLSv${number}`);
  if (version === undefined) throw new Error(`there is no TLS ${number}`);
  return version;
}

async function failsToStartTls(cue: Cue): Promise<void> {
  const outcome = await startsTls(cue).then(
    () => "success",
    () => "failure",
  );
  if (outcome === "success") throw new Error("TLS was negotiated, but should not have been");
}

async function triesToNegotiateTls({ actor, stage }: Cue): Promise<void> {
  actor.isConnected = await actor.connection.startTls(wishOf(stage, actor)).then(
    () => true,
    () => false,
  );
}
