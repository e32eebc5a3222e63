// presence: one user's changing presence, broadcast to fifty contacts that are online. A unit is one delivery.
import type { Sample } from "../job.js";
import type { Connection } from "./connection.js";
import { countMarks, MARK } from "./marks.js";
import type { Meter } from "./meter.js";
import type { Door } from "./session.js";

const CONTACTS = 50;
const OWNER = 0;

/** Keeps `window` broadcasts under way. */
export async function broadcast(door: Door, meter: Meter): Promise<Sample[]> {
  const contacts = Array.from({ length: CONTACTS }, (_, index) => index + 1);
  const owner = await door.enter({ account: OWNER, route: contacts });
  const connections = await door.enterAll(contacts.map((account) => ({ account })));
  if (door.target.dialect === "xmpp") await befriend(door, owner, connections);
  owner.consume();
  const shows = ["away", "chat", "dnd", "xa"].map(presence);
  let sent = 0;
  let isOpen = true;
  const sendMore = () => {
    while (isOpen && sent * CONTACTS - meter.units <= (meter.job.window - 1) * CONTACTS) {
      owner.write(shows[sent % shows.length] ?? "");
      sent += 1;
    }
  };
  for (const connection of connections) {
    connection.consume((chunk) => {
      meter.units += countMarks(chunk);
      sendMore();
    });
  }
  sendMore();
  const samples = await meter.steady();
  isOpen = false;
  return samples;
}

/** Subscribes each contact to the owner (RFC 6121 §3.1). */
async function befriend(door: Door, owner: Connection, connections: readonly Connection[]): Promise<void> {
  for (const [index, contact] of connections.entries()) {
    contact.write(`<presence type='subscribe' to='${door.address(OWNER)}'/>`);
    await owner.expect(/<presence[^>]*type=['"]subscribe['"]/);
    owner.write(`<presence type='subscribed' to='${door.address(index + 1)}'/>`);
    await contact.expect(/<presence[^>]*type=['"]subscribed['"]/);
  }
}

function presence(show: string): Buffer {
  return Buffer.from(`<presence><show>${show}</show><status>${MARK} In Verona</status></presence>`);
}
