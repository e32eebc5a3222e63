// Stream openings: <open/> frames in the terms of a stream header, and the language that an opening may say.
import type { Fragment } from "../xml/fragment.js";
import type { StreamOpening } from "../xml/opening.js";

/** An <open/> frame in the terms of a stream header: over WebSocket the content is always jabber:client. */
export function openingOf(open: Fragment): StreamOpening {
  const version = /(?:^|\s)version=['"]([^'"]*)['"]/.exec(open.otherAttributes)?.[1];
  return {
    name: "stream",
    prefix: "stream",
    namespace: "http://etherx.jabber.org/streams",
    defaultNamespace: "jabber:client",
    prefixes: new Map(),
    to: open.to,
    from: open.from,
    id: open.id,
    version,
    lang: open.lang,
  };
}

/** BCP 47 in form, and of a length that any real tag has. */
export function isLanguage(lang: string | undefined): lang is string {
  return lang !== undefined && /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,3}$/.test(lang);
}
