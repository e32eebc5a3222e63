// Starts a process that writes to a database as fast as it can and says what is acknowledged, until it is killed.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/**
 * What the process says is acknowledged: the body of an offline message, the id of an archived one, the version of a roster
 * item, or of a stanza for another server, by its number in storage, that it waits there, is marked as sent, is gone.
 */
export type Acknowledged = readonly ["message" | "archived" | "roster" | "waiting" | "sent" | "gone", number];

export interface Scribe {
  readonly pid: number | undefined;
  /** Resolves when this many messages have been acknowledged since the process started. */
  wrote(messages: number): Promise<void>;
  /** SIGKILL; resolves to all that was acknowledged, in order, when the process is gone. */
  kill(): Promise<readonly Acknowledged[]>;
}

/** The process works for the account of `author`, which it creates, and goes on where the last one stopped. */
export function startScribe(path: string): Scribe {
  const child = fork(fileURLToPath(new URL("./scribe-process.js", import.meta.url)), [path]);
  const heard: Acknowledged[] = [];
  child.on("message", (message: Acknowledged) => heard.push(message));
  const gone = Promise.all([once(child, "exit"), once(child, "disconnect")]);
  const messages = () => heard.filter(([kind]) => kind === "message").length;
  return {
    pid: child.pid,
    wrote: async (count) => {
      while (messages() < count) await Promise.race([once(child, "message"), gone.then(died)]);
    },
    kill: async () => {
      child.kill("SIGKILL");
      await gone;
      return heard;
    },
  };
}

function died(): never {
  throw new Error("The scribe's process ended by itself.");
}
