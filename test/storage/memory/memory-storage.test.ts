// The memory driver against the suite of all drivers.
import { memoryStorage } from "../../../src/storage/memory/memory-storage.js";
import { driverSuite } from "../driver-suite.js";

driverSuite("memory", () => ({ open: async () => memoryStorage(), cleanUp: async () => undefined }));
