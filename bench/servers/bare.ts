// The bare router of bench/baseline as a server.
import { fileURLToPath } from "node:url";
import type { BareOptions } from "../baseline/router.js";
import { launch } from "./launch.js";
import type { Server } from "./server.js";

const ROUTER = fileURLToPath(new URL("../baseline/router.js", import.meta.url));

export const bare: Server = {
  dialect: "bare",
  version: async () => `node ${process.version}`,
  async start({ folder, address, port, transport, key, certificate, federation }) {
    const options: BareOptions = {
      address,
      port,
      ...(transport === "tls" && { secrets: { key, certificate } }),
      ...(federation && { link: federation }),
    };
    return launch(folder, process.execPath, [ROUTER, JSON.stringify(options)]);
  },
};
