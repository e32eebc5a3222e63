// The reader of Scansion scenario files.
import assert from "node:assert/strict";
import test from "node:test";
import { parseScene } from "../../conformance/scene/parse-scene.js";

const balcony = `# title: Juliet answers
# spec: RFC 6121
# section: 5.2
# level: MUST
# quote: A sentence.
# needs: urn:xmpp:ping, stream urn:xmpp:sm:3

[Client] Juliet
	jid: juliet@localhost
	password: s3cr3t

[Client] Juliet's phone
	jid: juliet@localhost/phone

---------

# Act 2, scene 2
Juliet connects

Juliet's phone connects

Juliet sends:
	<message>
		<body>O Romeo</body>

	</message>
// Prosody's scenes end with lines like this one.
Juliet's phone receives: nothing
`;

test("the header says what the scene is about", () => {
  const { title, spec, section, level, quote, needs } = parseScene("balcony", balcony);
  assert.deepEqual([title, spec, section, level, quote], ["Juliet answers", "RFC 6121", "5.2", "MUST", "A sentence."]);
  assert.deepEqual(needs, ["urn:xmpp:ping", "stream urn:xmpp:sm:3"]);
});

test("without a title, the first comment is the title, as in Scansion", () => {
  assert.equal(parseScene("pipeline", "# Basic login\n\n[Client] Romeo\n-----\n").title, "Basic login");
});

test("characters have a kind, a name and properties", () => {
  const [juliet, phone] = parseScene("balcony", balcony).characters;
  assert.equal(juliet?.kind, "Client");
  assert.deepEqual(
    [...(juliet?.properties ?? [])],
    [
      ["jid", "juliet@localhost"],
      ["password", "s3cr3t"],
    ],
  );
  assert.equal(phone?.name, "Juliet's phone");
});

test("the longest name that fits is the actor", () => {
  const [first, second] = parseScene("balcony", balcony).steps;
  assert.deepEqual([first?.actor, first?.action, first?.line], ["Juliet", "connects", 18]);
  assert.deepEqual([second?.actor, second?.action], ["Juliet's phone", "connects"]);
});

test("a block loses its indentation, and keeps its empty lines", () => {
  const step = parseScene("balcony", balcony).steps[2];
  assert.equal(step?.block, "<message>\n\t<body>O Romeo</body>\n\n</message>");
});

test("what follows a colon on the line is the argument", () => {
  const step = parseScene("balcony", balcony).steps[3];
  assert.deepEqual([step?.action, step?.argument], ["receives", "nothing"]);
});

test("a line without a known character is an error that names the line", () => {
  const text = "[Client] Romeo\n-----\nRomeo connects\nTybalt fights\n";
  assert.throws(
    () => parseScene("street", text),
    /street:4: no character of this scene begins the line: Tybalt fights/,
  );
});

test("an unknown kind of character is an error", () => {
  assert.throws(() => parseScene("street", "[Ghost] Hamlet\n-----\n"), /street:1: no such kind: \[Ghost\]/);
});

test("characters and action are parted by dashes", () => {
  assert.throws(() => parseScene("street", "[Client] Romeo\nRomeo connects\n"), /no line of dashes/);
});
