// Finds clients that are gone without a word (RFC 6120 §4.6): silence, a question, then <connection-timeout/>.
import type { ClientSession } from "./session.js";
import type { ClientService } from "./service.js";

/** How often all sessions are looked at, as a part of the shorter of the two times. */
const looks = 4;

export class Liveness {
  readonly #asked = new WeakMap<ClientSession, number>();
  #stop: (() => void) | undefined;

  constructor(private readonly service: ClientService) {}

  start(): void {
    const { idle_timeout: idle, answer_timeout: answer } = this.service.options;
    const interval = Math.max(250, Math.min(idle, answer) / looks);
    this.#stop = this.service.clock.every(interval, () => this.#lookAtAll());
  }

  stop(): void {
    this.#stop?.();
  }

  #lookAtAll(): void {
    const now = this.service.clock.now();
    for (const { local } of this.service.hosts.values()) {
      for (const session of local.sessions) this.#look(session as ClientSession, now);
    }
  }

  #look(session: ClientSession, now: number): void {
    const { idle_timeout: idle, answer_timeout: answer } = this.service.options;
    if (now - session.lastReceivedAt < idle) return;
    const askedAt = this.#asked.get(session) ?? 0;
    if (askedAt < session.lastReceivedAt) {
      this.#asked.set(session, now);
      session.ask();
    } else if (now - askedAt >= answer) {
      session.close("connection-timeout", "No sign of life.");
    }
  }
}
