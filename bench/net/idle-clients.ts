// Opens many connections and holds them.
import type { Kind } from "./child.js";
import { dial } from "./dial.js";

const [kind, port, count] = process.argv.slice(2);
const held: unknown[] = [];
for (let opened = 0; opened < Number(count); opened += 50) {
  const batch = Array.from({ length: 50 }, () => dial(kind as Kind, Number(port)));
  held.push(...(await Promise.all(batch)));
}
process.send?.({ opened: held.length });
process.on("message", () => process.exit());
