// XEP-0317: Hats <https://xmpp.org/extensions/xep-0317.html>
import { type Element, extension, type IqAnswer, option, StanzaError, xml } from "../../src/extension/index.js";
import { infoElement, serviceDiscovery } from "../0030-service-discovery.js";
import { type Hooks, type RoomIqRequest, rooms } from "../0045-multi-user-chat/index.js";
import { commandElement, commandError, commandIn, COMMANDS } from "../payloads/0050-ad-hoc-commands.js";
import { type HatCommand, requireMayUse } from "./command.js";
import { hatCommands } from "./commands.js";
import { HATS, hatsElement } from "./hat.js";
import { hatStores, Wardrobes } from "./wardrobes.js";

const ITEMS = "http://jabber.org/protocol/disco#items";

export const hats = extension({
  xep: "0317",
  name: "hats",
  version: "0.3.1",
  sentence: "Lets admins of rooms give people titles, such as host or presenter, that everybody sees.",
  requires: [serviceDiscovery, rooms],
  options: {
    hats: option.integer(50, "Hats of one room.", { min: 1, max: 1000 }),
    wearers: option.integer(1000, "People who wear hats in one room.", { min: 1, max: 100_000 }),
  },
  stores: hatStores,
  start(host) {
    const { hooks } = host.use(rooms);
    const wardrobes = new Wardrobes(host.stores, host.options);

    hooks.roomFeatures.push(() => [HATS, COMMANDS]);
    hooks.roomInfo.push((room) => {
      const hash = wardrobes.find(room)?.hash;
      return hash === undefined ? [] : [{ var: "hats#hash", type: "text-single", label: "Hats hash", values: [hash] }];
    });
    // Whoever puts a hat on by themselves loses it.
    hooks.reserved.add(`${HATS} hats`);
    hooks.marks.push((room, { bare }) => {
      const worn = wardrobes.find(room)?.wornBy(bare) ?? [];
      return worn.length === 0 ? {} : { inPresence: hatsElement(worn) };
    });
    hooks.loaded.push((room) => wardrobes.load(room));
    hooks.kept.push((room) => wardrobes.keep(room));
    hooks.destroyed.push((room) => wardrobes.forget(room));
    serveCommands(hooks, hatCommands(wardrobes));
  },
});

/** XEP-0050, and its nodes for service discovery. */
function serveCommands(hooks: Hooks, commands: readonly HatCommand[]): void {
  hooks.roomIqs.set(`set ${COMMANDS} command`, (request) => execute(commands, request));
  hooks.roomItems.set(COMMANDS, (request) => listOf(commands, request));
  hooks.roomNodes.set(COMMANDS, () => nodeInfo(COMMANDS, "command-list", "Commands"));
  for (const command of commands) {
    hooks.roomNodes.set(command.node, (request) => {
      requireMayUse(command, request); // XEP-0050 §2.2
      return nodeInfo(command.node, "command-node", command.name);
    });
  }
}

function execute(commands: readonly HatCommand[], request: RoomIqRequest): IqAnswer | Promise<IqAnswer> {
  const asked = commandIn(request.payload);
  const command = commands.find(({ node }) => node === asked.node);
  if (command === undefined) throw new StanzaError("item-not-found");
  requireMayUse(command, request);
  if (asked.action === "cancel") return commandElement(asked, "canceled");
  if (asked.action === "prev" || asked.action === "next") throw commandError("bad-action");
  return command.execute(asked, request);
}

/** XEP-0050 §2.2: to each those that they may use. */
function listOf(commands: readonly HatCommand[], request: RoomIqRequest): Element {
  const jid = request.room.jid.toString();
  const items = commands.filter((command) => command.mayUse(request));
  return xml(
    "query",
    { xmlns: ITEMS, node: COMMANDS },
    items.map(({ node, name }) => xml("item", { jid, node, name })),
  );
}

function nodeInfo(node: string, type: string, name: string): Element {
  const identities = [{ category: "automation", type, name }];
  return infoElement(node, { identities, features: type === "command-list" ? [] : [COMMANDS, "jabber:x:data"] });
}
