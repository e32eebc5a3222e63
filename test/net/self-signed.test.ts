// The certificate that the server makes for itself.
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { connect, createServer } from "node:tls";
import { selfSigned } from "../../src/net/self-signed.js";

test("who trusts an earlier one of the same name, too, takes each for what it is", async (t) => {
  const [earlier, present] = [await selfSigned(["verona.example"]), await selfSigned(["verona.example"])];
  const trusted = [earlier.certificate, present.certificate];
  for (const { key, certificate } of [earlier, present]) {
    const server = createServer({ key, cert: certificate }).listen(0, "127.0.0.1");
    t.after(() => server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // it listens on a port
    for (const ca of [trusted, trusted.toReversed()]) {
      const socket = connect({ host: "127.0.0.1", port, ca, servername: "verona.example" });
      await once(socket, "secureConnect");
      assert.ok(socket.authorized);
      socket.destroy();
    }
  }
});
