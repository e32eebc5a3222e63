// Reads an XML stream: text in, stream header, first-level elements and the end of the stream out.
import { SaxesParser } from "saxes";
import { elementOf, type XmlElement } from "./element.js";

/** What can arrive on a connection, in order. `rubbish` is text that is not well-formed, and ends the reading. */
export type StreamEvent =
  | { readonly kind: "header"; readonly element: XmlElement }
  | { readonly kind: "element"; readonly element: XmlElement }
  | { readonly kind: "stream-end" }
  | { readonly kind: "connection-end"; readonly reason: string }
  | { readonly kind: "rubbish"; readonly reason: string };

/** One XML stream, from `<stream:stream>` to `</stream:stream>`; a restarted stream needs a new reader. */
export class StreamReader {
  private readonly open: XmlElement[] = [];
  private readonly parser = new SaxesParser({ xmlns: true, position: false });
  private isBroken = false;

  constructor(private readonly emit: (event: StreamEvent) => void) {
    this.parser.on("opentag", (tag) => this.openElement(elementOf(tag)));
    this.parser.on("closetag", () => this.closeElement());
    this.parser.on("text", (data) => void this.open.at(-1)?.children.push(data));
    this.parser.on("cdata", (data) => void this.open.at(-1)?.children.push(data));
  }

  write(text: string): void {
    if (this.isBroken) return;
    try {
      this.parser.write(text);
    } catch (error) {
      this.isBroken = true;
      this.emit({ kind: "rubbish", reason: error instanceof Error ? error.message : String(error) });
    }
  }

  private openElement(element: XmlElement): void {
    if (this.open.length === 0) this.emit({ kind: "header", element });
    if (this.open.length > 1) this.open.at(-1)?.children.push(element);
    this.open.push(element);
  }

  private closeElement(): void {
    const element = this.open.pop();
    if (this.open.length === 0) this.emit({ kind: "stream-end" });
    if (this.open.length === 1 && element !== undefined) this.emit({ kind: "element", element });
  }
}
