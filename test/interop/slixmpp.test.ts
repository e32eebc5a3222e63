// slixmpp (Debian python3-slixmpp) chats with @xmpp/client.
import { after, before, describe, it } from "node:test";
import { conversation } from "./support/conversation.js";
import { onSlixmpp, onXmppJs } from "./support/driven-client.js";
import { startServer, type ServerUnderTest } from "./support/server-under-test.js";

describe("slixmpp", () => {
  let server: ServerUnderTest;
  before(async () => (server = await startServer(["romeo", "juliet"])));
  after(() => server.stop());

  for (const road of ["STARTTLS", "direct TLS"] as const) {
    it(`chats over ${road}, offline messages included`, async () => {
      await conversation(onSlixmpp(server, "romeo", road), onXmppJs(server, "juliet", "STARTTLS"));
    });
  }
});
