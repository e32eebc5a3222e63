// A chat client on @xmpp/client that is driven by lines of JSON: see test/interop/support/driven-client.ts.
import { createInterface } from "node:readline";
import { client, xml, type Element } from "@xmpp/client";
import { WebSocket } from "ws";
import parse from "@xmpp/xml/lib/parse.js";
import { serviceOf, type Event, type Order, type Passport } from "../support/driven-client.js";

// @xmpp/client is also made for browsers and takes theirs; Node 20 has none.
Object.assign(globalThis, { WebSocket });

// Both ends of the line are ours: support/driven-client.ts writes it.
const { user: username, password, domain, resource, ...address } = JSON.parse(process.argv[2] ?? "") as Passport;
const xmpp = client({ service: serviceOf(address), domain, username, password, resource });

xmpp.on("error", (error) => process.stderr.write(`${String(error)}\n`));
xmpp.on("online", (jid) => {
  comeOnline(String(jid)).catch(fail);
});
xmpp.on("stanza", hear);
xmpp.on("element", (element) => process.stderr.write(`IN ${element.toString()}\n`));
xmpp.on("send", (element) => process.stderr.write(`OUT ${element.toString()}\n`));
createInterface(process.stdin).on("line", (line) => {
  obey(JSON.parse(line) as Order).catch(fail);
});
xmpp.start().catch(fail);

async function comeOnline(jid: string): Promise<void> {
  await xmpp.iqCaller.get(xml("query", "jabber:iq:roster"));
  await xmpp.send(xml("presence"));
  await ping();
  tell({ event: "online", jid });
}

function hear(stanza: Element): void {
  const [sender = ""] = attribute(stanza, "from").split("/");
  const body = stanza.getChildText("body");
  if (stanza.is("message") && attribute(stanza, "type") !== "error" && body) tell({ event: "message", sender, body });
}

async function obey(order: Order): Promise<void> {
  if (order.do === "message") {
    await xmpp.send(xml("message", { type: "chat", to: order.to }, xml("body", {}, order.body)));
  } else if (order.do === "request") {
    tell({ event: "answer", answer: await request(parse(order.iq)) });
  } else if (order.do === "ping") {
    await ping();
    tell({ event: "pong" });
  } else {
    await xmpp.stop();
    tell({ event: "offline" });
    process.exit();
  }
}

/** The answer's text, whether it is a result or an error. */
async function request(iq: Element): Promise<string> {
  const answer = new Promise<string>((resolve) => {
    const take = (stanza: Element) => {
      if (!stanza.is("iq") || attribute(stanza, "id") !== attribute(iq, "id")) return;
      xmpp.off("stanza", take);
      resolve(stanza.toString());
    };
    xmpp.on("stanza", take);
  });
  await xmpp.send(iq);
  return answer;
}

async function ping(): Promise<void> {
  await xmpp.iqCaller.get(xml("ping", "urn:xmpp:ping"), domain);
}

function attribute(element: Element, name: string): string {
  const value: unknown = element.attrs[name];
  return typeof value === "string" ? value : "";
}

function tell(event: Event): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  tell({ event: "refused" });
}
