// Leaves out of a stanza what people wrote: its structure is what an operator needs, its content is none of their business.

/** Elements whose text is no content of a person's: presence's show and priority. */
const HARMLESS = /^<(?:show|priority)[\s>]/;
const PIECE = /<!\[CDATA\[[^]*?\]\]>|<(?:[^"'>]|"[^"]*"|'[^']*')*>|[^<]+/g;
/** Longest result, in characters. */
const LONGEST = 4096;

/** The XML with every text replaced by its length: `<body>[12 characters]</body>`. Well-formed unless it was cut. */
export function elideText(xml: string): string {
  let before = "";
  const elided = xml.replaceAll(PIECE, (piece) => {
    const isTag = piece.startsWith("<") && !piece.startsWith("<!");
    const shown = isTag || HARMLESS.test(before) || piece.trim() === "" ? piece : `[${piece.length} characters]`;
    before = piece;
    return shown;
  });
  return elided.length > LONGEST ? `${elided.slice(0, LONGEST)}…` : elided;
}
