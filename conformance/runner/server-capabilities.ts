// Finds out what a server offers to other servers, by streams to it from a peer of the suite's own.
import { openStreamWith } from "../client/log-in.js";
import { parseScene } from "../scene/parse-scene.js";
import type { ServerUnderTest } from "../server-under-test.js";
import { childOf, elementsIn, type XmlElement } from "../xml/element.js";
import { mechanismsIn } from "../client/log-in.js";
import type { Actor } from "./actor.js";
import { connectTo, headerOf } from "./lines.js";
import { openSecured, prove } from "./server-actions.js";
import { Stage } from "./stage.js";

const management = "urn:xmpp:sm:3";
const scene = parseScene("capabilities", "[Server] Prompter\n-----\n");

/**
 * `server`, `server tls`, `component`, `second domain`, `server-stream NAMESPACE` for the features of streams between servers
 * (before TLS, inside it, and after the proof), `server-stream resumption` (XEP-0198), `server-sasl MECHANISM`. Where a stream fails, its scenes will say so.
 */
export async function findServerCapabilities(server: ServerUnderTest, patience: number): Promise<string[]> {
  const { federation } = server;
  if (federation === undefined) return [];
  const ports = {
    server: federation.port,
    "server tls": federation.tlsPort,
    component: federation.components,
    "second domain": federation.secondDomain,
  };
  const there = Object.entries(ports).flatMap(([name, port]) => (port === undefined ? [] : name));
  return [...there, ...(await findFeatures(server, patience)).flatMap(namesIn)];
}

async function findFeatures(server: ServerUnderTest, patience: number): Promise<XmlElement[]> {
  const stage = new Stage(scene, server, patience);
  const actor = stage.actor("Prompter");
  const found: XmlElement[] = [];
  try {
    await stage.prepare();
    await connectTo(stage, actor);
    found.push(await openStreamWith(actor.connection, headerOf(stage, actor)));
    await connectTo(stage, actor);
    found.push((actor.features = await openSecured(actor, stage)));
    await prove(actor, stage);
    found.push(actor.features, ...(await askForResumption(actor)));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  } finally {
    await stage.clear();
  }
  return found;
}

/** `<enabled/>` of XEP-0198, when streams can be resumed. */
async function askForResumption(actor: Actor): Promise<XmlElement[]> {
  if (actor.features === undefined || childOf(actor.features, "sm", management) === undefined) return [];
  actor.connection.send(`<enable xmlns='${management}' resume='true'/>`);
  const answer = await actor.connection.nextElement();
  return answer.name === "enabled" && answer.attributes.has("id") ? [answer] : [];
}

function namesIn(features: XmlElement): string[] {
  if (features.name === "enabled") return ["server-stream resumption"];
  const namespaces = elementsIn(features).map(({ namespace }) => `server-stream ${namespace}`);
  return [...namespaces, ...mechanismsIn(features).map((mechanism) => `server-sasl ${mechanism}`)];
}
