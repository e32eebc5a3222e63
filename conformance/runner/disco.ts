// Asks an address what it can do (XEP-0030, XEP-0128).
import type { Connection } from "../client/connection.js";
import { childOf, elementsIn, NS, textOf, type XmlElement } from "../xml/element.js";

/** Features of disco#info, and `form TYPE` for its extended information; none when there is an error. */
export async function askFeatures(connection: Connection, address: string): Promise<string[]> {
  connection.send(`<iq type='get' id='disco' to='${address}'><query xmlns='${NS.discoInfo}'/></iq>`);
  const answer = await nextWithId(connection, "disco");
  const query = childOf(answer, "query", NS.discoInfo);
  if (query === undefined) return [];
  const forms = elementsIn(query).filter(({ name, namespace }) => name === "x" && namespace === "jabber:x:data");
  const features = elementsIn(query).flatMap(({ attributes }) => attributes.get("var") ?? []);
  return [...features, ...forms.map((form) => `form ${formType(form)}`)];
}

async function nextWithId(connection: Connection, id: string): Promise<XmlElement> {
  for (;;) {
    const element = await connection.nextElement();
    if (element.attributes.get("id") === id) return element;
  }
}

function formType(form: XmlElement): string {
  const field = elementsIn(form).find(({ attributes }) => attributes.get("var") === "FORM_TYPE");
  const value = field && childOf(field, "value");
  return value === undefined ? "" : textOf(value).trim();
}
