// The stanzas that readers are measured with: what clients send most.

const NAMES = ["juliet", "nurse", "tybalt", "mercutio"];
const WORDS = "Neither, fair saint, if either thee dislike. By a name I know not how to tell thee who I am. ";
const ПО_РУССКИ = "Нет, не хотел бы я ни тем ни этим быть, когда, святая, оба не по нраву. 💔 ";

export const HEADER =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' " +
  "to='capulet.lit' version='1.0'>";

function message(turn: number, body: string): string {
  const name = NAMES[turn % NAMES.length] ?? "";
  const id = (0x5c8a9f2e + turn).toString(16);
  return (
    `<message to='${name}@capulet.lit/balcony' type='chat' id='${id}-7b1d-4e3a-9f60-1a2b3c4d5e6f'>` +
    `<body>${body}</body><active xmlns='http://jabber.org/protocol/chatstates'/>` +
    `<request xmlns='urn:xmpp:receipts'/></message>`
  );
}

function presence(turn: number): string {
  return (
    `<presence id='p${turn}' xml:lang='en'><show>away</show><priority>5</priority>` +
    "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://gajim.org' " +
    "ver='2I8gbTcbcWFbzlEHLpUcSCKCl2k='/><x xmlns='vcard-temp:x:update'>" +
    "<photo>64cf6a7d0a2f6b1e1b9a2a4a3d3f0f3ab0a4c8b1</photo></x></presence>"
  );
}

/** Named lists of chunks; every chunk holds `stanzas` whole stanzas. */
export interface Traffic {
  readonly name: string;
  readonly stanzas: number;
  readonly chunks: readonly Buffer[];
}

function traffic(name: string, stanzas: number, stanza: (turn: number) => string): Traffic {
  const chunk = (turn: number) => Array.from({ length: stanzas }, (_, at) => stanza(turn * stanzas + at)).join("");
  return { name, stanzas, chunks: Array.from({ length: 64 }, (_, turn) => Buffer.from(chunk(turn))) };
}

/** What is measured. */
export const TRAFFIC: readonly Traffic[] = [
  traffic("message, one a chunk", 1, (turn) => message(turn, WORDS + WORDS.slice(0, 60))),
  traffic("message, four a chunk", 4, (turn) => message(turn, WORDS + WORDS.slice(0, 60))),
  traffic("non-ASCII message, one a chunk", 1, (turn) => message(turn, ПО_РУССКИ)),
  traffic("presence, one a chunk", 1, presence),
];
