// XEP-0049: Private XML Storage <https://xmpp.org/extensions/xep-0049.html>
import {
  type Account,
  type Element,
  extension,
  option,
  parseElement,
  perUserMap,
  standalone,
  StanzaError,
  text,
  Turns,
  xml,
} from "../src/extension/index.js";

const NS = "jabber:iq:private";

export const privateXml = extension({
  xep: "0049",
  name: "private-xml",
  version: "1.2",
  sentence: "Lets clients keep their settings and bookmarks on the server.",
  features: [NS],
  accountFeatures: [NS],
  options: {
    max_elements: option.integer(100, "Elements that a user may keep.", { min: 1, max: 10_000 }),
    max_size: option.size("128 KiB", "Longest element.", { min: "1 KiB", max: "10 MiB" }),
  },
  stores: { elements: perUserMap(text) },
  start(host) {
    const { elements } = host.stores;
    const { max_elements: mostElements, max_size: largest } = host.options;

    const requireRoom = async (user: string, keys: readonly string[]): Promise<void> => {
      const tooMany = new StanzaError("resource-constraint", { text: "Too many elements." });
      if (keys.length > mostElements) throw tooMany;
      const kept = await Promise.all(keys.map((key) => elements.get(user, key)));
      const newcomers = kept.filter((value) => value === undefined).length;
      if (newcomers > 0 && (await elements.entries(user)).size + newcomers > mostElements) throw tooMany;
    };

    const get = async (user: string, payload: Element): Promise<Element> => {
      const [asked, ...others] = elementsIn(payload);
      // §2.3: not for more than one at a time
      if (asked === undefined || others.length > 0) throw new StanzaError("not-acceptable");
      const kept = await elements.get(user, keyOf(asked));
      return xml("query", { xmlns: NS }, kept === undefined ? empty(asked) : parseElement(kept));
    };

    const set = async (user: string, payload: Element): Promise<void> => {
      const given = new Map(elementsIn(payload).map((element) => [keyOf(element), standalone(element).toString()]));
      for (const written of given.values()) {
        if (Buffer.byteLength(written) > largest) throw new StanzaError("not-acceptable", { text: "Too long." });
      }
      await requireRoom(user, [...given.keys()]);
      await Promise.all([...given].map(([key, written]) => elements.set(user, key, written)));
    };

    // A question right behind a change gets what the change has made (RFC 6120 §10.1).
    const turns = new Turns<Account>();
    host.iq.get(NS, "query", "own-account", ({ account, payload }) =>
      turns.take(account, () => get(account.key.user, payload)),
    );
    host.iq.set(NS, "query", "own-account", ({ account, payload }) => {
      if (!account.isStored) throw new StanzaError("not-allowed", { text: "Nothing is kept for anonymous users." });
      return turns.take(account, () => set(account.key.user, payload));
    });

    // §2.3: somebody else's is nobody's business
    for (const register of [host.iq.get, host.iq.set]) {
      register(NS, "query", "account", () => {
        throw new StanzaError("forbidden");
      });
    }
  },
});

/** §2.3: at least one element, each in a namespace of its own. */
function elementsIn(query: Element): readonly Element[] {
  const elements = query.getChildElements();
  const isOwn = (element: Element): boolean => (element.getNS() ?? "") !== "" && element.getNS() !== NS;
  if (elements.length === 0 || !elements.every(isOwn)) {
    throw new StanzaError("not-acceptable", { text: "An element in a namespace of its own is needed." });
  }
  return elements;
}

function keyOf(element: Element): string {
  return `${element.getNS() ?? ""} ${element.getName()}`;
}

/** What is answered when nothing is kept: the element that was asked for. */
function empty(asked: Element): Element {
  return xml(asked.getName(), { xmlns: asked.getNS() });
}
