// Finds out what a server advertises, so that scenes about other things are not played against it.
import { Connection } from "../client/connection.js";
import {
  bindResource,
  authenticate,
  mechanismsIn,
  openConnection,
  openSecureStream,
  openStream,
} from "../client/log-in.js";
import type { Account, ServerUnderTest } from "../server-under-test.js";
import { askFeatures } from "./disco.js";
import { findRoomCapabilities } from "./room-capabilities.js";
import { findServerCapabilities } from "./server-capabilities.js";
import { childOf, elementsIn, NS, type XmlElement } from "../xml/element.js";

/**
 * Everything that `# needs:` can name: disco features of the domain as they are, `form TYPE` for its
 * extended information (XEP-0128), `account FEATURE`, `stream NAMESPACE`
 * for stream features, `sasl MECHANISM`, `binding TYPE` (XEP-0440), `transport tls`, `transport websocket`, `http`, and what
 * there is in rooms and for other servers.
 */
export async function findCapabilities(server: ServerUnderTest, patience: number): Promise<Set<string>> {
  const account: Account = {
    localpart: `prompter-${Date.now().toString(36)}`,
    domain: server.domain,
    password: "prompter",
  };
  await server.createAccount(account);
  const connection = new Connection(patience);
  try {
    await openConnection(connection, server, "tcp");
    const clear = await openStream(connection, server.domain);
    connection.close();
    const forClients = [
      ...transportsOf(server),
      ...streamFeatures(clear),
      ...(await askAll(server, account, patience)),
    ];
    return new Set([...forClients, ...(await findServerCapabilities(server, patience))]);
  } finally {
    connection.close();
    await server.removeAccount(account);
  }
}

async function askAll(server: ServerUnderTest, account: Account, patience: number): Promise<string[]> {
  const connection = new Connection(patience);
  try {
    await openConnection(connection, server, "tcp");
    const secured = await openSecureStream(connection, server);
    await authenticate(connection, account, secured);
    const features = await openStream(connection, server.domain);
    await bindResource(connection);
    const ofDomain = await askFeatures(connection, server.domain);
    const ofAccount = await askFeatures(connection, `${account.localpart}@${account.domain}`);
    const streams = [...streamFeatures(secured), ...streamFeatures(features)];
    const ofRooms = server.rooms === undefined ? [] : await findRoomCapabilities(connection, server.rooms);
    return [...streams, ...ofDomain, ...ofAccount.map((feature) => `account ${feature}`), ...ofRooms];
  } finally {
    connection.close();
  }
}

function transportsOf(server: ServerUnderTest): string[] {
  const direct = server.tlsPort === undefined ? [] : ["transport tls"];
  const webSocket = server.webSocketUrl === undefined ? [] : ["transport websocket"];
  return [...direct, ...webSocket, ...(server.httpUrl === undefined ? [] : ["http"])];
}

function streamFeatures(features: XmlElement): string[] {
  const namespaces = elementsIn(features).map(({ namespace }) => `stream ${namespace}`);
  const bindings = childOf(features, "sasl-channel-binding", NS.channelBinding);
  const types =
    bindings === undefined ? [] : elementsIn(bindings).map(({ attributes }) => attributes.get("type") ?? "");
  const mechanisms = mechanismsIn(features).map((mechanism) => `sasl ${mechanism}`);
  return [...namespaces, ...mechanisms, ...types.map((type) => `binding ${type}`)];
}
