// @xmpp/client chats with slixmpp.
import { after, before, describe, it } from "node:test";
import { conversation } from "./support/conversation.js";
import { onSlixmpp, onXmppJs } from "./support/driven-client.js";
import { startServer, type ServerUnderTest } from "./support/server-under-test.js";

describe("@xmpp/client", () => {
  let server: ServerUnderTest;
  before(async () => (server = await startServer(["romeo", "juliet"])));
  after(() => server.stop());

  for (const road of ["STARTTLS", "direct TLS", "WebSocket"] as const) {
    it(`chats over ${road}, offline messages included`, async () => {
      await conversation(onXmppJs(server, "romeo", road), onSlixmpp(server, "juliet", "STARTTLS"));
    });
  }
});
