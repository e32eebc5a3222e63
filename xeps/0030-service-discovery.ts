// XEP-0030: Service Discovery <https://xmpp.org/extensions/xep-0030.html>
import {
  type AccountIqRequest,
  attributeOf,
  type Element,
  extension,
  type HostIqRequest,
  type IqAnswer,
  StanzaError,
  xml,
} from "../src/extension/index.js";

const INFO = "http://jabber.org/protocol/disco#info";
const ITEMS = "http://jabber.org/protocol/disco#items";

export interface Identity {
  readonly category: string;
  readonly type: string;
  readonly name?: string;
  readonly lang?: string;
}

/** What an entity or a node says of itself. `forms`: extended information (XEP-0128). */
export interface Info {
  readonly identities: readonly Identity[];
  readonly features: readonly string[];
  readonly forms?: readonly Element[];
}

export interface Item {
  readonly jid: string;
  readonly node?: string;
  readonly name?: string;
}

export type MaybePromise<T> = T | Promise<T>;

/** Answers for the nodes that it knows; undefined for all others. */
export interface NodeSource<R> {
  info?(node: string, request: R): MaybePromise<Info | undefined>;
  items?(node: string, request: R): MaybePromise<readonly Item[] | undefined>;
}

/** The host, or every account: what extensions add to its answers. */
export class Discoverable<R> {
  #info: Info;
  readonly itemSources: ((request: R) => MaybePromise<readonly Item[]>)[] = [];
  readonly nodeSources: NodeSource<R>[] = [];

  constructor(identity: Identity, features: readonly string[]) {
    this.#info = { identities: [identity], features: [...new Set(features)], forms: [] };
  }

  /** What is said at present; a new object after each addition. */
  get info(): Info {
    return this.#info;
  }

  /** Says more of it than the facts of extensions do. */
  add({ identities = [], features = [], forms = [] }: Partial<Info>): void {
    const before = this.#info;
    this.#info = {
      identities: [...before.identities, ...identities],
      features: [...new Set([...before.features, ...features])],
      forms: [...(before.forms ?? []), ...forms],
    };
  }

  /** Lists items; the source sees who asks and decides what they may know. */
  addItems(source: (request: R) => MaybePromise<readonly Item[]>): void {
    this.itemSources.push(source);
  }

  addNodes(source: NodeSource<R>): void {
    this.nodeSources.push(source);
  }
}

export interface Discovery {
  readonly host: Discoverable<HostIqRequest>;
  readonly account: Discoverable<AccountIqRequest>;
}

export const serviceDiscovery = extension({
  xep: "0030",
  name: "service-discovery",
  version: "2.5.0",
  sentence: "Tells clients what the server and its accounts can do.",
  features: [INFO, ITEMS, "jabber:iq:roster"],
  accountFeatures: [INFO, ITEMS],
  start(host): Discovery {
    const ofHost = new Discoverable<HostIqRequest>(
      { category: "server", type: "im", name: host.software.name },
      host.features,
    );
    const ofAccount = new Discoverable<AccountIqRequest>(
      { category: "account", type: "registered" },
      host.accountFeatures,
    );
    host.iq.get(INFO, "query", "host", (request) => answerInfo(ofHost, request));
    host.iq.get(ITEMS, "query", "host", (request) => answerItems(ofHost, request));
    host.iq.get(INFO, "query", "account", (request) => {
      // §8: who may not see the account's presence must not learn whether it exists
      if (!request.isAuthorized) throw new StanzaError("service-unavailable");
      return answerInfo(ofAccount, request);
    });
    // §8 again: to others there is nothing to list, at an account as at none
    host.iq.get(ITEMS, "query", "account", (request) => answerItems(ofAccount, request, !request.isAuthorized));
    ofAccount.addItems(availableResources);
    return { host: ofHost, account: ofAccount };
  },
});

/** §4.1: to those who may see them anyway. */
function availableResources({ isAuthorized, account }: AccountIqRequest): Item[] {
  return !isAuthorized
    ? []
    : account.sessions.filter(({ presence }) => presence !== undefined).map(({ jid }) => ({ jid: jid.toString() }));
}

type Asked = { readonly payload: Element };

async function answerInfo<R extends Asked>(entity: Discoverable<R>, request: R): Promise<IqAnswer> {
  const node = nodeOf(request);
  if (node === undefined) return infoElement(node, entity.info);
  for (const source of entity.nodeSources) {
    const info = await source.info?.(node, request);
    if (info !== undefined) return infoElement(node, info);
  }
  throw new StanzaError("item-not-found"); // §7
}

async function answerItems<R extends Asked>(entity: Discoverable<R>, request: R, isStranger = false): Promise<Element> {
  const node = nodeOf(request);
  if (node === undefined) {
    const lists = await Promise.all(entity.itemSources.map(async (source) => source(request)));
    return itemsElement(node, lists.flat());
  }
  for (const source of entity.nodeSources) {
    const items = await source.items?.(node, request);
    if (items !== undefined) return itemsElement(node, items);
  }
  if (isStranger) return itemsElement(node, []);
  throw new StanzaError("item-not-found");
}

function nodeOf({ payload }: Asked): string | undefined {
  return attributeOf(payload, "node");
}

/** §3.2: the answer mirrors the node. */
export function infoElement(node: string | undefined, { identities, features, forms }: Info): Element {
  return xml(
    "query",
    { xmlns: INFO, node },
    identities.map(({ category, type, name, lang }) => xml("identity", { category, type, name, "xml:lang": lang })),
    features.map((feature) => xml("feature", { var: feature })),
    forms,
  );
}

function itemsElement(node: string | undefined, items: readonly Item[]): Element {
  return xml(
    "query",
    { xmlns: ITEMS, node },
    items.map((item) => xml("item", { ...item })),
  );
}
