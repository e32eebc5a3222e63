// Checks the entity capabilities that a server announces in its stream features (XEP-0115 §6.3).
import { createHash } from "node:crypto";
import { childOf, elementsIn, escapeXml, NS, serialize, textOf, type XmlElement } from "../xml/element.js";
import type { Action, Cue } from "./action.js";

const caps = "http://jabber.org/protocol/caps";

export const capsActions: readonly Action[] = [[/^verifies the caps of the server$/, verifiesCaps]];

/** Asks for disco#info with the announced node, and computes the hash from the answer. */
async function verifiesCaps({ actor, stage }: Cue): Promise<void> {
  const announced = actor.features && childOf(actor.features, "c", caps);
  const [node = "", ver = ""] = [announced?.attributes.get("node"), announced?.attributes.get("ver")];
  const query = `<query xmlns='${NS.discoInfo}' node='${escapeXml(`${node}#${ver}`)}'/>`;
  actor.send(`<iq type='get' id='caps' to='${stage.server.domain}'>${query}</iq>`);
  const answer = await actor.nextStanza();
  const info = childOf(answer, "query", NS.discoInfo);
  if (info === undefined) throw new Error(`expected disco#info, but came ${serialize(answer)}`);
  const computed = createHash("sha1").update(verificationText(info)).digest("base64");
  if (computed !== ver) throw new Error(`the hash of ${serialize(info)} is ${computed}, not ${ver}`);
}

/** XEP-0115 §5.1: identities, features and forms, each sorted by octets. */
function verificationText(info: XmlElement): string {
  const identities = named(info, "identity").map(({ attributes }) => {
    const parts = [
      attributes.get("category"),
      attributes.get("type"),
      attributes.get(`{${NS.xml}}lang`),
      attributes.get("name"),
    ];
    return parts.map((part) => part ?? "").join("/");
  });
  const features = named(info, "feature").map(({ attributes }) => attributes.get("var") ?? "");
  const forms = elementsIn(info).filter(({ name, namespace }) => name === "x" && namespace === "jabber:x:data");
  const parts = [...byOctets(identities), ...byOctets(features), ...byOctets(forms.map(formText))];
  return parts.map((part) => (part.endsWith("<") ? part : `${part}<`)).join("");
}

function formText(form: XmlElement): string {
  const fields = named(form, "field").map((field) => ({
    name: field.attributes.get("var") ?? "",
    values: byOctets(named(field, "value").map(textOf)),
  }));
  const type = fields.find(({ name }) => name === "FORM_TYPE")?.values[0] ?? "";
  const others = fields
    .filter(({ name }) => name !== "FORM_TYPE")
    .map(({ name, values }) => [name, ...values].join("<"));
  return [type, ...byOctets(others), ""].join("<");
}

function named(parent: XmlElement, name: string): XmlElement[] {
  return elementsIn(parent).filter((child) => child.name === name);
}

function byOctets(texts: string[]): string[] {
  return texts.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}
