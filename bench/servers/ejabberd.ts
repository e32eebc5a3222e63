// ejabberd at its best setting: SCRAM keys stored, no shaper, no busy waiting, no log, no module without need.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deriveKeys } from "../generator/scram.js";
import { ask, launch } from "./launch.js";
import { DOMAIN, ITERATIONS, type Server, type Setting } from "./server.js";

/** Where Debian keeps Erlang libraries, ejabberd among them. */
const LIBRARIES = "/usr/lib/x86_64-linux-gnu";

export const ejabberd: Server = {
  dialect: "xmpp",
  version: async () => ask("dpkg-query", ["--show", "--showformat=${Version}", "ejabberd"], "ejabberd"),
  async start(setting) {
    const file = join(setting.folder, "ejabberd.yml");
    await writeFile(file, configuration(setting));
    const environment = {
      HOME: setting.folder,
      ERL_LIBS: LIBRARIES,
      EJABBERD_CONFIG_PATH: file,
      EJABBERD_LOG_PATH: join(setting.folder, "ejabberd.log"),
    };
    return launch(setting.folder, "erl", machineArguments(setting), environment);
  },
};

/** Without a node name, so without the Erlang port mapper, which would outlive the bench. */
function machineArguments(setting: Setting): string[] {
  const limits = ["+P", "250000", "+Q", "65536"];
  const noBusyWaiting = ["+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"];
  const database = ["-mnesia", "dir", JSON.stringify(join(setting.folder, "spool"))];
  return ["-noinput", ...limits, ...noBusyWaiting, ...database, "-eval", startUp(setting)];
}

function configuration({ port, key, certificate }: Setting): string {
  return `
hosts: [${DOMAIN}]
loglevel: none
certfiles: [${JSON.stringify(certificate)}, ${JSON.stringify(key)}]
listen:
  - port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    starttls: true
    backlog: 4096
    max_stanza_size: 262144
auth_method: internal
auth_password_format: scram
shaper_rules:
  max_user_offline_messages: infinity
modules:
  mod_roster: {}
  mod_offline:
    access_max_user_messages: max_user_offline_messages
  mod_ping: {}
`;
}

/** Erlang: prepares the accounts before the start, so that whoever can connect can log in. */
function startUp({ accounts }: Setting): string {
  const salt = Buffer.from("bench");
  const { storedKey, serverKey } = deriveKeys("sha1", salt, ITERATIONS);
  const keys = [storedKey, serverKey, salt].map((bytes) => `<<"${bytes.toString("base64")}">>`).join(",");
  const user = `{list_to_binary("u" ++ integer_to_list(N)), <<"${DOMAIN}">>}`;
  const record = `{passwd, ${user}, {scram, ${keys}, sha, ${ITERATIONS}}}`;
  const table = "[{disc_only_copies, [node()]}, {attributes, [us, password]}]";
  return `mnesia:create_schema([node()]), mnesia:start(), mnesia:create_table(passwd, ${table}),
    [mnesia:dirty_write(${record}) || N <- lists:seq(0, ${accounts - 1})], ejabberd:start().`;
}
