// Keeps V8's young generation small: what it has grown to under load it would hold for as long as the process lives.
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Bytes of both halves together. Node lets them grow to 32 MiB, 3 KiB for each of ten thousand idle sessions. */
const enough = 8 * 1024 * 1024;

/**
 * Stops the growth at 8 MiB. A stanza lives for less than a turn of the event loop, so that collecting more often costs
 * next to nothing. V8 reads this flag whenever it is about to grow; its own limit can only be set on node's command line.
 */
export function boundYoungGeneration(): void {
  const observer = new PerformanceObserver(() => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    if (young !== undefined && young.space_size < enough) return;
    setFlagsFromString("--semi-space-growth-factor=1");
    observer.disconnect();
  });
  observer.observe({ entryTypes: ["gc"] });
}
