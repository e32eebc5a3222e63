// What a stream of ours is opened for, and what it comes to.
import type { Link } from "./link.js";
import type { Management } from "./management.js";
import type { Policy } from "./policy.js";
import type { Watch } from "./walk.js";

export interface OutgoingJob {
  /** Domains: ours, and the one that the stream is for. Prepared. */
  readonly local: string;
  readonly remote: string;
  readonly policy: Policy;
  /** Only to ask whether a key is that domain's (XEP-0220 §2.1.2); no stanzas. */
  readonly verify?: { readonly id: string; readonly key: string } | undefined;
  /** A stream that was lost, to go on with. */
  readonly resumable?: Management | undefined;
  readonly watch?: Watch | undefined;
}

/** What a stream has come to: it can take stanzas, or the key was judged. */
export type OutgoingResult =
  | { readonly kind: "link"; readonly link: Link; readonly isResumed: boolean }
  | { readonly kind: "verdict"; readonly isValid: boolean };
