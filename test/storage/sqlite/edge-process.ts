// The process of together.test.ts: stores something in two places where one transaction ends, and dies once it is in one of them.
import { sqliteStorage } from "../../../src/storage/sqlite/sqlite-storage.js";
import { ball, saying } from "../archives.js";
import { accountOf, line, roomy } from "../people.js";

/** As many as there are calls in one transaction, but for one. */
const before = 999;

const friar = accountOf("laurence");
const [path = "", number = ""] = process.argv.slice(2);
const storage = await sqliteStorage(path);
await storage.accounts.create(friar);
const counts = Array.from({ length: before }, () => storage.offline.count(friar));
const stored = storage.together(() => [
  storage.offline.append(friar, line(number), 0, roomy).then(() => process.kill(process.pid, "SIGKILL")),
  storage.archive.append(ball, saying(number, Number(number))),
]);
await Promise.all([...counts, ...stored]);
