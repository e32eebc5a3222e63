// Stanzas counted: those of one stream, of a service, or of all streams with a domain together.
import type { StanzaKind } from "./stanza.js";

/** Plain fields, for every stanza is counted, and a property whose name varies costs more than the rest of it. */
export class StanzaCounts implements Readonly<Record<StanzaKind, number>> {
  message = 0;
  presence = 0;
  iq = 0;

  get total(): number {
    return this.message + this.presence + this.iq;
  }

  count(kind: StanzaKind): void {
    if (kind === "message") this.message += 1;
    else if (kind === "presence") this.presence += 1;
    else this.iq += 1;
  }

  add(more: StanzaCounts): void {
    this.message += more.message;
    this.presence += more.presence;
    this.iq += more.iq;
  }
}

export interface Traffic {
  readonly received: StanzaCounts;
  readonly sent: StanzaCounts;
}

export function noTraffic(): Traffic {
  return { received: new StanzaCounts(), sent: new StanzaCounts() };
}

export function addTraffic(sum: Traffic, more: Traffic): void {
  sum.received.add(more.received);
  sum.sent.add(more.sent);
}
