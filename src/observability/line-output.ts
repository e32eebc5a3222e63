// Writes lines to a file descriptor in order, off the event loop, many at once when they come quickly.
import { write, writeSync } from "node:fs";
import type { LogDestination } from "./log.js";

/** Characters that may wait for a slow reader; past this many, new lines are dropped and counted. */
const MOST_WAITING = 16 * 1024 * 1024;
/** Milliseconds until a descriptor that can take nothing now is tried again. */
const PAUSE = 20;

/**
 * pino's own destination is not used: its flushSync() never returns once the descriptor fails for good (EPIPE after
 * the reader went, EIO after a terminal hung up), and a server has to be able to stop then.
 */
export class LineOutput implements LogDestination {
  #waiting: string[] = [];
  #waitingLength = 0;
  #dropped = 0;
  #isWriting = false;
  #idle: (() => void)[] = [];

  constructor(
    private readonly fileDescriptor: number,
    private readonly mostWaiting = MOST_WAITING,
  ) {}

  write(line: string): void {
    if (this.#waitingLength + line.length > this.mostWaiting) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    if (!this.#isWriting) this.#schedule();
  }

  /** Resolves when everything written so far is out. Never rejects: there is nowhere left to say so. */
  flush(): Promise<void> {
    return this.#isWriting ? new Promise((resolve) => this.#idle.push(resolve)) : Promise.resolve();
  }

  /** For a process that is dying and will not get another turn: blocks, and tries once. */
  flushNow(): void {
    try {
      writeSync(this.fileDescriptor, this.#take());
    } catch {
      // The descriptor can't take it; the process ends now.
    }
  }

  #schedule(): void {
    this.#isWriting = true;
    setImmediate(() => this.#writeAll(Buffer.from(this.#take())));
  }

  #take(): string {
    const lost = this.#dropped === 0 ? [] : [lostLine(this.#dropped)];
    const text = [...this.#waiting, ...lost].join("");
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#dropped = 0;
    return text;
  }

  #writeAll(bytes: Buffer): void {
    write(this.fileDescriptor, bytes, 0, bytes.length, null, (error, count) => {
      const rest = error === null ? bytes.subarray(count) : isBusy(error) ? bytes : undefined;
      if (rest !== undefined && rest.length > 0) setTimeout(() => this.#writeAll(rest), error === null ? 0 : PAUSE);
      else if (this.#waiting.length > 0) this.#schedule();
      else this.#finish();
    });
  }

  #finish(): void {
    this.#isWriting = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

function isBusy(error: NodeJS.ErrnoException): boolean {
  return error.code === "EAGAIN" || error.code === "EBUSY" || error.code === "EINTR";
}

function lostLine(count: number): string {
  const fields = { level: "warn", time: new Date().toISOString(), count, event: "log-lines-dropped" };
  return `${JSON.stringify(fields)}\n`;
}
