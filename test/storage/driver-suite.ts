// What every storage driver does: the same tests for each of them.
import { afterEach, beforeEach, describe } from "node:test";
import type { Storage } from "../../src/storage/storage.js";
import { accountTests } from "./driver/accounts.js";
import { rosterTests } from "./driver/roster.js";
import { offlineTests } from "./driver/offline.js";
import { outboundTests } from "./driver/outbound.js";
import { valueTests } from "./driver/values.js";
import { collectionTests } from "./driver/collections.js";
import { archiveTests } from "./driver/archive.js";
import { archiveUpkeepTests } from "./driver/archive-upkeep.js";
import { orderTests } from "./driver/order.js";

/** `open` makes an empty storage, once; `cleanUp` comes when it is closed. */
export interface DriverUnderTest {
  open(): Promise<Storage>;
  cleanUp(): Promise<void>;
}

export function driverSuite(name: string, driver: () => DriverUnderTest): void {
  describe(`${name} storage`, () => {
    let underTest: DriverUnderTest;
    let storage: Storage;
    beforeEach(async () => {
      underTest = driver();
      storage = await underTest.open();
    });
    afterEach(async () => {
      await storage.close();
      await underTest.cleanUp();
    });
    accountTests(() => storage);
    rosterTests(() => storage);
    offlineTests(() => storage);
    outboundTests(() => storage);
    valueTests(() => storage);
    collectionTests(() => storage);
    archiveTests(() => storage);
    archiveUpkeepTests(() => storage);
    orderTests(() => storage);
  });
}
