// The SQLite driver against the suite of all drivers.
import { sqliteStorage } from "../../../src/storage/sqlite/sqlite-storage.js";
import { driverSuite } from "../driver-suite.js";
import { dataFolder } from "./data-folder.js";

driverSuite("sqlite", () => {
  const folder = dataFolder();
  return { open: () => sqliteStorage(folder.path), cleanUp: async () => folder.remove() };
});
