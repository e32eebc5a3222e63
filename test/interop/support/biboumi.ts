// biboumi, a gateway to IRC: an external component (XEP-0114) of the server under test.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program } from "./program.js";

/** How the server knows it. */
export const biboumi = { domain: "irc.localhost", secret: "two-households-both-alike-in-dignity" };

/** Starts it, and resolves once the server has let it in. `port`: of the server's listener for components. */
export async function startBiboumi(port: number): Promise<{ stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "rookery-biboumi-"));
  const file = join(folder, "biboumi.cfg");
  await writeFile(file, configuration(folder, port));
  const program = await Program.start("/usr/bin/biboumi", {
    args: [file],
    ready: [/Authenticated with the XMPP server/],
    installation: "apt-get install biboumi",
  });
  const stop = async () => {
    await program.stop("SIGTERM");
    await rm(folder, { recursive: true });
  };
  return { stop };
}

function configuration(folder: string, port: number): string {
  return `hostname=${biboumi.domain}
password=${biboumi.secret}
xmpp_server_ip=127.0.0.1
port=${port}
db_name=${folder}/biboumi.sqlite
log_level=1
identd_port=0
`;
}
