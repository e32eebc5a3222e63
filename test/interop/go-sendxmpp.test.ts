// go-sendxmpp (Debian) chats with @xmpp/client.
import { after, before, describe, it } from "node:test";
import { conversation } from "./support/conversation.js";
import { onXmppJs } from "./support/driven-client.js";
import { GoSendxmpp } from "./support/go-sendxmpp.js";
import { startServer, type ServerUnderTest } from "./support/server-under-test.js";

describe("go-sendxmpp", () => {
  let server: ServerUnderTest;
  before(async () => (server = await startServer(["romeo", "juliet"])));
  after(() => server.stop());

  for (const road of ["STARTTLS", "direct TLS"] as const) {
    it(`chats over ${road}, offline messages included`, async () => {
      await conversation(new GoSendxmpp(server, "romeo", road), onXmppJs(server, "juliet", "STARTTLS"));
    });
  }
});
