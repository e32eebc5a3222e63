// Acknowledgements on a stream of ours: asked for, or taken up from a stream that was lost (XEP-0198 §3, §5).
import { StreamError } from "../stream/stream-error.js";
import type { Fragment } from "../xml/fragment.js";
import type { Federation } from "./federation.js";
import type { Link } from "./link.js";
import { Management, managementNamespace } from "./management.js";

export class OutgoingManagement {
  /** We have asked, and there is no answer yet. */
  #isEnabling = false;
  #isResuming = false;

  constructor(
    private readonly link: Link,
    private readonly federation: Federation,
    /** A stream that was lost, to go on with. */
    private readonly resumable: Management | undefined,
    /** Stanzas may be sent. */
    private readonly ready: (isResumed: boolean) => void,
  ) {}

  begin(): void {
    const { resumable } = this;
    if (resumable?.id !== undefined) return this.#resume(resumable, resumable.id);
    this.#enable();
    this.ready(false);
  }

  received(fragment: Fragment): void {
    if (this.#isResuming) return this.#takeResumption(fragment);
    const { management } = this.link;
    if (!this.#isEnabling || management === undefined) throw new StreamError("unsupported-stanza-type");
    this.#isEnabling = false;
    if (fragment.name === "enabled") {
      const { resume, id } = fragment.element().attrs as Readonly<Record<string, string | undefined>>;
      management.enable(resume === "true" || resume === "1" ? id : undefined);
    } else if (fragment.name === "failed") this.#doWithout(management);
    else throw new StreamError("unsupported-stanza-type");
  }

  /** What we send counts from now on. */
  #enable(): void {
    const max = Math.round(this.federation.limits.resume_time / 1000);
    this.link.management = new Management(this.link.stream, true, false);
    this.#isEnabling = true;
    this.link.stream.write(`<enable xmlns='${managementNamespace}' resume='true' max='${max}'/>`);
  }

  #resume({ handled }: Management, id: string): void {
    this.#isResuming = true;
    this.link.stream.write(`<resume xmlns='${managementNamespace}' h='${handled.count}' previd='${id}'/>`);
  }

  /** They offer acknowledgements and will not give them: what was sent meanwhile is as good as on any stream without. */
  #doWithout({ sent }: Management): void {
    this.link.management = undefined;
    for (const stanza of sent.unacknowledged) this.federation.spool.forget(stanza);
  }

  #takeResumption(fragment: Fragment): void {
    const { resumable, link } = this;
    if (resumable === undefined || (fragment.name !== "resumed" && fragment.name !== "failed"))
      throw new StreamError("unsupported-stanza-type");
    this.#isResuming = false;
    if (fragment.name === "resumed") {
      resumable.acknowledge(fragment);
      resumable.moveTo(link.stream);
      link.management = resumable;
      for (const stanza of resumable.sent.unacknowledged) link.stream.send(stanza);
      return this.ready(true);
    }
    // §5: who remembers the stream and nothing else may say how far it had come
    if (fragment.element().attrs["h"] !== undefined) {
      resumable.acknowledge(fragment);
      resumable.isExact = true;
    }
    this.#enable();
    this.ready(false);
  }
}
