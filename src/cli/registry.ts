// All commands there are: the one list for the command line, the control socket, and later ad-hoc commands and HTTP.
import type { Declarations } from "../config/declarations.js";
import type { Extension } from "../extension/declaration.js";
import type { Command } from "./command.js";
import { makeCheck } from "./commands/check.js";
import { componentList } from "./commands/component-list.js";
import { makeConfigExample } from "./commands/config-example.js";
import { reload } from "./commands/reload.js";
import { roomAffiliate } from "./commands/room-affiliate.js";
import { roomConfigure } from "./commands/room-configure.js";
import { roomCreate } from "./commands/room-create.js";
import { roomDestroy } from "./commands/room-destroy.js";
import { roomHistory } from "./commands/room-history.js";
import { roomKick } from "./commands/room-kick.js";
import { roomList } from "./commands/room-list.js";
import { roomOccupants } from "./commands/room-occupants.js";
import { roomPurge } from "./commands/room-purge.js";
import { roomShow } from "./commands/room-show.js";
import { roomSubject } from "./commands/room-subject.js";
import { rosterShow } from "./commands/roster-show.js";
import { makeS2sCheck } from "./commands/s2s-check.js";
import { s2sList } from "./commands/s2s-list.js";
import { send } from "./commands/send.js";
import { sessionClose } from "./commands/session-close.js";
import { sessionList } from "./commands/session-list.js";
import { makeStart } from "./commands/start.js";
import { stop } from "./commands/stop.js";
import { trace } from "./commands/trace.js";
import { userCreate } from "./commands/user-create.js";
import { userDelete } from "./commands/user-delete.js";
import { userDisable } from "./commands/user-disable.js";
import { userEnable } from "./commands/user-enable.js";
import { userImport } from "./commands/user-import.js";
import { userList } from "./commands/user-list.js";
import { userPassword } from "./commands/user-password.js";
import { userShow } from "./commands/user-show.js";

/** Sentences for the first words of two-word commands. */
export const groups: Readonly<Record<string, string>> = {
  user: "Accounts: create, list, show, change, import, delete.",
  session: "Who is connected.",
  component: "Gateways and other services outside.",
  s2s: "Connections with other servers.",
  room: "Rooms: list, show, create, configure, moderate, clear, destroy.",
  roster: "Contacts of an account.",
  config: "The configuration file.",
};

/** In the order of `rookery --help`. */
export function makeRegistry(
  declarations: Declarations,
  extensions: readonly Extension<unknown>[],
): readonly Command[] {
  const commands: readonly Command[] = [
    makeStart({ declarations, extensions, commands: () => commands }),
    makeCheck(declarations),
    reload,
    stop,
    userCreate,
    userList,
    userShow,
    userPassword,
    userDisable,
    userEnable,
    userDelete,
    userImport,
    sessionList,
    sessionClose,
    componentList,
    s2sList,
    makeS2sCheck(declarations),
    roomList,
    roomShow,
    roomCreate,
    roomConfigure,
    roomAffiliate,
    roomOccupants,
    roomKick,
    roomSubject,
    roomHistory,
    roomPurge,
    roomDestroy,
    rosterShow,
    send,
    trace,
    makeConfigExample(declarations),
  ];
  return commands;
}
