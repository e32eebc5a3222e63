// What can be told of a session's connection, to its operator and in logs.
import type { ConnectionFacts } from "../extension/session.js";
import type { Transport } from "../net/transport.js";

export function connectionFacts(transport: Transport, mechanism: string): ConnectionFacts {
  const { kind, remoteAddress, tls } = transport;
  const encryption = tls === undefined ? undefined : `${tls.protocol} ${tls.cipher}`;
  return { transport: kind, remoteAddress, encryption, mechanism };
}
