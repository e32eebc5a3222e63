// XEP-0249: Direct MUC Invitations, version 1.2 <https://xmpp.org/extensions/xep-0249.html>
import { attributeOf, type Element, Jid, JidMalformed, type Stanza, xml } from "../../src/extension/index.js";
import { booleanOf } from "./0004-data-forms.js";

export const NS = "jabber:x:conference";

export interface DirectInvitation {
  readonly room: Jid;
  readonly password?: string | undefined;
  readonly reason?: string | undefined;
  /** The room goes on with a chat of two; its thread, or "". */
  readonly continuedThread?: string | undefined;
}

export function directInvitationElement({ room, password, reason, continuedThread }: DirectInvitation): Element {
  return xml("x", {
    xmlns: NS,
    jid: room.toString(),
    password: password === "" ? undefined : password,
    reason: reason === "" ? undefined : reason,
    continue: continuedThread === undefined ? undefined : "true",
    thread: continuedThread === "" ? undefined : continuedThread,
  });
}

/** The room to which a message invites; undefined when it says nothing that can be read. */
export function directInvitationOf(message: Stanza): DirectInvitation | undefined {
  const x = message.child(NS, "x");
  const room = x && addressOf(attributeOf(x, "jid") ?? "");
  if (x === undefined || room === undefined) return undefined;
  const isContinued = booleanOf(attributeOf(x, "continue") ?? "") === true;
  const continuedThread = isContinued ? (attributeOf(x, "thread") ?? "") : undefined;
  return { room, password: attributeOf(x, "password"), reason: attributeOf(x, "reason"), continuedThread };
}

function addressOf(text: string): Jid | undefined {
  try {
    return Jid.parse(text);
  } catch (error) {
    if (error instanceof JidMalformed) return undefined;
    throw error;
  }
}
