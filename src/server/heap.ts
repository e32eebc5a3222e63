// Keeps V8's heap close to what is alive: what it has grown to under load it would otherwise hold for good.
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Bytes of both halves of the young generation. Node lets them grow to 32 MiB, 3 KiB for each of 10 000 idle sessions. */
const enough = 8 * 1024 * 1024;

/**
 * Stops the growth of the young generation at 8 MiB: a stanza lives for less than a turn of the event loop, so that
 * collecting more often costs next to nothing. And collects the old generation whenever it has grown by a quarter, rather
 * than to a multiple: a login leaves garbage there that an idle server would keep, 2 KiB a session. V8 reads both flags
 * whenever it is about to grow; its own limits can only be set on node's command line.
 */
export function boundHeap(): void {
  setFlagsFromString("--heap-growing-percent=25");
  const observer = new PerformanceObserver(() => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    if (young !== undefined && young.space_size < enough) return;
    setFlagsFromString("--semi-space-growth-factor=1");
    observer.disconnect();
  });
  observer.observe({ entryTypes: ["gc"] });
}
