// XEP-0160: Best Practices for Handling Offline Messages <https://xmpp.org/extensions/xep-0160.html>
import {
  type Account,
  extension,
  type OfflineRecord,
  option,
  parseStanza,
  type Session,
  type Stanza,
  Turns,
  withAppended,
} from "../src/extension/index.js";
import { delayElement } from "./payloads/0203-delayed-delivery.js";

const CHAT_STATES = "http://jabber.org/protocol/chatstates";
const HINTS = "urn:xmpp:hints";
/** Namespaces of what accompanies a message and is none itself. */
const COMPANIONS = new Set([CHAT_STATES, HINTS, "urn:xmpp:sid:0"]);

/** Characters of stanzas that are sent before anybody looks whether they have gone out. */
const longestBatch = 32_768;

export const offlineMessages = extension({
  xep: "0160",
  name: "offline-messages",
  version: "1.0.1",
  sentence: "Keeps messages for users who are not there and delivers them when they come.",
  features: ["msgoffline"],
  options: {
    page: option.integer(100, "Messages that are read from storage at a time.", { min: 1, max: 10_000 }),
  },
  start(host) {
    const { offline, options } = host;
    const turns = new Turns<Account>();

    const delayed = ({ stanza, storedAt }: OfflineRecord): Stanza =>
      withAppended(parseStanza(stanza), delayElement(host.jid, storedAt, "Offline Storage"));

    /** False when the session has ended: what has not gone out stays where it is. */
    const sendBatch = async (session: Session, batch: readonly OfflineRecord[]): Promise<boolean> => {
      for (const record of batch) session.send(addressed(delayed(record), session), "forget");
      const isSent = await session.flushed();
      if (isSent) await offline.removeThrough(session.account, batch.at(-1)?.sequence ?? 0);
      return isSent;
    };

    const deliverAll = async (session: Session): Promise<void> => {
      for (;;) {
        const page = await offline.read(session.account, 0, options.page);
        for (const batch of batchesOf(page)) if (!(await sendBatch(session, batch))) return;
        if (page.length === 0) return;
      }
    };

    // False when it is not worth keeping or the quota is used up: then the sender is told (§2).
    host.undeliverable(
      (message, account) => account.isStored && isWorthKeeping(message) && offline.append(account, message),
    );

    // What is sent to the session meanwhile waits for this promise. A second session comes after the first, and finds
    // what that could not take.
    host.on("session-available", (session) => turns.take(session.account, () => deliverAll(session)));
  },
});

/** What was stored for many is addressed to nobody. */
function addressed(message: Stanza, { account }: Session): Stanza {
  return message.to === undefined ? message.readdressed(account.jid) : message;
}

/** Cuts a page so that no batch overflows what may wait to be sent. */
function* batchesOf(page: readonly OfflineRecord[]): Generator<readonly OfflineRecord[]> {
  let batch: OfflineRecord[] = [];
  let length = 0;
  for (const record of page) {
    if (batch.length > 0 && length + record.stanza.length > longestBatch) {
      yield batch;
      [batch, length] = [[], 0];
    }
    batch.push(record);
    length += record.stanza.length;
  }
  if (batch.length > 0) yield batch;
}

/** §3, and the hints of XEP-0334. */
function isWorthKeeping(message: Stanza): boolean {
  if (message.type === "error" || message.type === "groupchat" || message.type === "headline") return false;
  if (message.has(HINTS, "no-store")) return false;
  return message.has(HINTS, "store") || !isChatStateOnly(message);
}

/** XEP-0085 §5.7 lets a thread accompany a chat state. */
function isChatStateOnly({ children }: Stanza): boolean {
  const isAboutState = children.some(({ namespace }) => namespace === CHAT_STATES);
  return isAboutState && children.every(({ namespace, name }) => COMPANIONS.has(namespace) || name === "thread");
}
