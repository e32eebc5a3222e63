// Asks an address what it can do (XEP-0030, XEP-0128).
import type { Connection } from "../client/connection.js";
import { childOf, elementsIn, NS, textOf, type XmlElement } from "../xml/element.js";

/** Features of disco#info, and `form TYPE` for its extended information; none when there is an error. */
export async function askFeatures(connection: Connection, address: string): Promise<string[]> {
  const query = await ask(connection, address, NS.discoInfo);
  if (query === undefined) return [];
  const forms = formsIn(query);
  const features = elementsIn(query).flatMap(({ attributes }) => attributes.get("var") ?? []);
  return [...features, ...forms.map((form) => `form ${formType(form)}`)];
}

/** The names of all fields in the forms of an answer. */
export async function askFields(connection: Connection, address: string, namespace: string): Promise<string[]> {
  const query = await ask(connection, address, namespace);
  const fields = query === undefined ? [] : formsIn(query).flatMap(elementsIn);
  return fields.flatMap(({ attributes }) => attributes.get("var") ?? []);
}

/** The `<query/>` of the answer; none when there is an error. */
async function ask(connection: Connection, address: string, namespace: string): Promise<XmlElement | undefined> {
  connection.send(`<iq type='get' id='ask' to='${address}'><query xmlns='${namespace}'/></iq>`);
  const answer = await nextWithId(connection, "ask");
  return answer.attributes.get("type") === "result" ? childOf(answer, "query", namespace) : undefined;
}

function formsIn(query: XmlElement): XmlElement[] {
  return elementsIn(query).filter(({ name, namespace }) => name === "x" && namespace === "jabber:x:data");
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
