// The clock that everything above the transports asks, so that tests can turn it.

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back every `interval` milliseconds until the returned function is called. Never keeps the process alive. */
  every(interval: number, callback: () => void): () => void;
  /** Calls back once after `delay` milliseconds, unless the returned function is called before. */
  after(delay: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  every(interval, callback) {
    const timer = setInterval(callback, interval).unref();
    return () => clearInterval(timer);
  },
  after(delay, callback) {
    const timer = setTimeout(callback, delay).unref();
    return () => clearTimeout(timer);
  },
};
