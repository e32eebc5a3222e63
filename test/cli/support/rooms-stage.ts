// A real server with rooms, in this process, and the command line that speaks to it through its control socket.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { RoomOperations } from "../../../src/extension/room-operations.js";
import type { Client } from "../../support/client.js";
import { type Play, playServer, type Stage } from "../../support/play-server.js";
import { makeServer, runServer } from "./fake-server.js";
import { makeContext, makeDirectory, makeTerminal, type, type Outcome } from "./stage.js";

export interface RoomsStage extends Stage {
  /** A command line; what is typed, if it asks for something. */
  rookery(line: string, input?: string, isTerminal?: boolean): Promise<Outcome>;
  /** The result of one that must succeed. */
  result<T>(line: string, input?: string): Promise<T>;
}

/** Rooms are at rooms.verona.example. Juliet has an account. */
export async function playRooms(t: TestContext, play: Play = {}): Promise<RoomsStage> {
  const stage = await playServer(t, play);
  await stage.account("juliet");
  const directory = await makeDirectory();
  await mkdir(join(directory.path, "data"));
  const server = makeServer();
  server.rooms = operationsOf(stage);
  const hosts = [...stage.router.hosts.keys()];
  const context = { ...makeContext(hosts, server), accounts: stage.authentication.accounts };
  const { control } = await runServer(join(directory.path, "data"), server, context);
  t.after(async () => {
    await control.close();
    await directory.clean();
  });
  const rookery = (line: string, input = "", isTerminal = false): Promise<Outcome> =>
    type(line, makeTerminal({ directory: directory.path, input, isTerminal }), makeContext(hosts));
  const result = async <T>(line: string, input?: string): Promise<T> => {
    const { exit, out, err } = await rookery(`${line} --json`, input);
    if (exit !== 0) throw new Error(`${line}: ${err}`);
    return JSON.parse(out) as T;
  };
  return Object.assign(stage, { rookery, result });
}

export function operationsOf({ router }: Stage): readonly RoomOperations[] {
  return Array.from(router.hosts.values()).flatMap(({ offers }) => offers.get("rooms") ?? []);
}

/** Enters, and waits for the last of what newcomers are sent: the subject. */
export async function entersRoom(client: Client, room: string, nick: string): Promise<void> {
  client.send(`<presence to='${room}/${nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`);
  await hears(client, (stanza) => stanza.includes("<subject"));
}

/** Says something to all, and waits until it has come back. */
export async function says(client: Client, room: string, words: string): Promise<void> {
  client.send(`<message to='${room}' type='groupchat'><body>${words}</body></message>`);
  await hears(client, (stanza) => stanza.includes(`<body>${words}</body>`));
}

/** Passes over what comes until it is this; resolves with it. */
export async function hears(client: Client, isMeant: (stanza: string) => boolean): Promise<string> {
  for (;;) {
    const stanza = (await client.next()).toString();
    if (isMeant(stanza)) return stanza;
  }
}
