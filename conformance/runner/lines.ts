// How a character reaches the server under test: which port, which header, which TLS.
import { openConnection, streamHeader, tlsWish } from "../client/log-in.js";
import { componentHeader, serverHeader } from "../client/server-stream.js";
import { openTcp, type TlsWish } from "../client/transport.js";
import type { Actor } from "./actor.js";
import type { Stage } from "./stage.js";

/** Opens the connection, and TLS on it where it begins with that; nothing has been said yet. */
export async function connectTo(stage: Stage, actor: Actor): Promise<void> {
  actor.reconnect();
  const { kind } = actor.character;
  if (kind !== "Server" && kind !== "Component") {
    await openConnection(actor.connection, stage.server, actor.transportKind);
  } else {
    await actor.connection.open((listener) => openTcp(stage.server.address, portOf(stage, actor), listener));
    if (actor.transportKind === "tls")
      await actor.connection.startTls({ ...wishOf(stage, actor), alpn: "xmpp-server" });
  }
  actor.isConnected = true;
}

function portOf({ federation }: Stage, { character, transportKind }: Actor): number {
  const isDirect = transportKind === "tls";
  const port =
    character.kind === "Component" ? federation.components?.port : isDirect ? federation.tlsPort : federation.port;
  if (port === undefined) throw new Error("the server has no such port");
  return port;
}

/** A good header for the character to open a stream with. */
export function headerOf(stage: Stage, actor: Actor): string {
  const { account, character, connection } = actor;
  if (character.kind === "Server") return serverHeader({ from: account.domain, to: stage.domainFor(actor) });
  if (character.kind === "Component") return componentHeader(account.domain);
  return streamHeader(connection.wire.isFramed, stage.server.domain);
}

/** TLS as the character negotiates it: servers show their certificate, and want a good one. */
export function wishOf(stage: Stage, actor: Actor): TlsWish {
  if (!actor.isServer) return tlsWish(stage.server);
  const shown = actor.identity === undefined ? {} : { identity: actor.identity };
  const { certificate } = stage.federation.world.authority;
  return { servername: stage.domainFor(actor), isTrusted: true, authority: certificate, ...shown };
}
