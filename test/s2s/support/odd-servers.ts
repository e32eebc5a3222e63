// Servers that are none, or not as they should be: what listens at the address of another domain, and disappoints.
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { TestContext } from "node:test";

type Answer = (socket: Socket, heard: string) => void;

const header =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' " +
  "xmlns:db='jabber:server:dialback' id='s1' from='verona.example' version='1.0'>";
const tls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

/** Listens on loopback until the test is over, and answers what it has heard so far; returns its port. */
async function listens(test: TestContext, answer: Answer): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined)); // the other side may hang up as it likes
    let heard = "";
    socket.setEncoding("utf8").on("data", (text: string) => answer(socket, (heard += text)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  test.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Once the whole header has come. */
function greets(features: string): Answer {
  return (socket, heard) => {
    if (heard.endsWith(">")) socket.write(`${header}<stream:features>${features}</stream:features>`);
  };
}

export const oddServers = {
  silent: (test: TestContext) => listens(test, () => undefined),
  web: (test: TestContext) => listens(test, (socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
  withoutTls: (test: TestContext) => listens(test, greets("")),
  brokenTls: (test: TestContext) =>
    listens(test, (socket, heard) => {
      if (!heard.includes("<starttls")) return greets(tls)(socket, heard);
      if (!socket.destroyed) socket.end("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>This is no TLS.");
    }),
  refusingTls: (test: TestContext) =>
    listens(test, (socket, heard) => {
      if (!heard.includes("<starttls")) return greets(tls)(socket, heard);
      socket.end("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>");
    }),
  hangingUp: (test: TestContext) => listens(test, (socket) => void socket.destroy()),
  withoutAuthentication: (test: TestContext) =>
    listens(test, (socket, heard) => {
      if (heard.endsWith(">")) socket.write(`${header.replace(/ xmlns:db='[^']*'/, "")}<stream:features/>`);
    }),
} as const;

/** A port of loopback on which nobody listens any more. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
