// The bare router of bench/baseline as a server.
import { fileURLToPath } from "node:url";
import { launch } from "./launch.js";
import type { Server } from "./server.js";

const ROUTER = fileURLToPath(new URL("../baseline/router.js", import.meta.url));

export const bare: Server = {
  dialect: "bare",
  version: async () => `node ${process.version}`,
  async start({ folder, port, transport, key, certificate }) {
    const secrets = transport === "tls" ? [key, certificate] : [];
    return launch(folder, process.execPath, [ROUTER, String(port), ...secrets]);
  },
};
