// ejabberd at its best setting: SCRAM keys stored, no shaper, no busy waiting, no log, no module without need.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deriveKeys } from "../generator/scram.js";
import { ask, launch } from "./launch.js";
import { ITERATIONS, type Federation, type Server, type Setting } from "./server.js";

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

function configuration({ domain, address, port, key, certificate, federation, hasRooms }: Setting): string {
  return `
hosts: [${domain}]
loglevel: none
certfiles: [${JSON.stringify(certificate)}, ${JSON.stringify(key)}]
listen:
  - port: ${port}
    ip: "${address}"
    module: ejabberd_c2s
    starttls: true
    backlog: 4096
    max_stanza_size: 262144
${federation ? federate(address, federation) : ""}auth_method: internal
auth_password_format: scram
shaper_rules:
  max_user_offline_messages: infinity
modules:
  mod_roster: {}
  mod_offline:
    access_max_user_messages: max_user_offline_messages
  mod_ping: {}
${hasRooms ? rooms(domain) : ""}`;
}

/** By itself a room takes 200 occupants, and tells nobody who comes and goes from the thousandth on. */
function rooms(domain: string): string {
  return `
  mod_muc:
    host: rooms.${domain}
    max_users: 10000
    max_users_presence: 10000
    max_user_conferences: 1000
    default_room_options:
      max_users: 10000
max_fsm_queue: 100000
`;
}

/** The rest of the list of listeners, and what follows it. */
function federate(address: string, { port, authority }: Federation): string {
  return `
  - port: ${port}
    ip: "${address}"
    module: ejabberd_s2s_in
    max_stanza_size: 262144
s2s_use_starttls: required
s2s_cafile: ${JSON.stringify(authority)}
`;
}

/** Erlang: lets its resolver remember where the partner is, and ask nobody. */
function introduce({ partner }: Federation): string {
  const target = `{0, 0, ${partner.port}, "${partner.address}"}`;
  const record = `"_xmpp-server._tcp.${partner.domain}", in, srv, 1000000, ${target}`;
  return `inet_db:set_resolv_conf(""), inet_db:add_rr(${record}), `;
}

/** Erlang: prepares the accounts before the start, so that whoever can connect can log in. */
function startUp({ domain, accounts, federation }: Setting): string {
  const salt = Buffer.from("bench");
  const { storedKey, serverKey } = deriveKeys("sha1", salt, ITERATIONS);
  const keys = [storedKey, serverKey, salt].map((bytes) => `<<"${bytes.toString("base64")}">>`).join(",");
  const user = `{list_to_binary("u" ++ integer_to_list(N)), <<"${domain}">>}`;
  const record = `{passwd, ${user}, {scram, ${keys}, sha, ${ITERATIONS}}}`;
  const table = "[{disc_only_copies, [node()]}, {attributes, [us, password]}]";
  return `${federation ? introduce(federation) : ""}mnesia:create_schema([node()]), mnesia:start(), mnesia:create_table(passwd, ${table}),
    [mnesia:dirty_write(${record}) || N <- lists:seq(0, ${accounts - 1})], ejabberd:start().`;
}
