// The part of @xmpp/client's interface that these tests use; the package brings no types.
declare module "@xmpp/client" {
  import type { Element } from "ltx";
  export type { Element };

  interface Events {
    error: (error: unknown) => void;
    online: (jid: unknown) => void;
    stanza: (stanza: Element) => void;
    element: (element: Element) => void;
    send: (element: Element) => void;
  }

  interface Client {
    on<Name extends keyof Events>(name: Name, listener: Events[Name]): void;
    off<Name extends keyof Events>(name: Name, listener: Events[Name]): void;
    start(): Promise<unknown>;
    stop(): Promise<unknown>;
    send(element: Element): Promise<void>;
    readonly iqCaller: { get(child: Element, to?: string): Promise<Element | undefined> };
  }

  export function client(options: {
    readonly service: string;
    readonly domain: string;
    readonly username: string;
    readonly password: string;
    readonly resource: string;
  }): Client;

  export function xml(
    name: string,
    attributes?: string | Record<string, string>,
    ...children: (Element | string)[]
  ): Element;
}

declare module "@xmpp/xml/lib/parse.js" {
  import type { Element } from "ltx";
  export default function parse(text: string): Element;
}
