// What commands can do inside the running server.
import type { Component } from "../component/component.js";
import { Jid } from "../jid/jid.js";
import type { LocalSession } from "../routing/local-session.js";
import { summaryOf as federationSummary } from "../s2s/summary.js";
import type { Server } from "../server.js";
import { buildStanza } from "../stanza/build.js";
import { xml } from "../xml/element.js";
import type { CommandContext, ComponentSummary, LetterFromServer, ReloadReport, SessionSummary } from "./context.js";
import { storageContext } from "./storage-context.js";

export interface Supervision {
  reload(): Promise<ReloadReport>;
  /** Begins to stop; returns at once. */
  stop(): void;
}

export function serverContext(server: Server, supervision: Supervision): CommandContext {
  const { accounts } = server.authentication;
  return {
    ...storageContext([...server.router.hosts.keys()], accounts, server.storage),
    server: {
      ...supervision,
      sessions: (address) => sessionsOf(server, address).map(summaryOf),
      components: () => Array.from(server.components.components.values(), componentSummaryOf),
      closeSessions: (address, reason) => closeSessions(sessionsOf(server, address), reason),
      send: (letter) => send(server, letter),
      federation: (remote) => federationSummary(server.federation, remote),
      rooms: Array.from(server.router.hosts.values()).flatMap(({ offers }) => offers.get("rooms") ?? []),
      trace: server.trace,
      processId: process.pid,
    },
  };
}

function sessionsOf({ router }: Server, address: Jid | undefined): readonly LocalSession[] {
  const hosts = [...router.hosts.values()].filter(({ jid }) => address === undefined || jid.domain === address.domain);
  if (address === undefined || address.local === "") return hosts.flatMap(({ sessions }) => [...sessions]);
  const account = hosts.flatMap(({ accounts }) => accounts.peek(address.bare) ?? []);
  return account.flatMap(({ sessions }) => sessions).filter(({ jid }) => address.isBare || jid === address);
}

function summaryOf(session: LocalSession): SessionSummary {
  const { jid, presence, priority, connection, startedAt, lastReceivedAt } = session;
  const { transport, encryption, mechanism, remoteAddress } = connection;
  return {
    address: jid.toString(),
    presence: presence === undefined ? "connected" : (presence.element().getChildText("show") ?? "available"),
    priority,
    transport,
    encryption: encryption ?? null,
    mechanism,
    remoteAddress,
    startedAt,
    lastReceivedAt,
  };
}

function componentSummaryOf({ domain, connection }: Component): ComponentSummary {
  return {
    domain,
    remoteAddress: connection?.stream.transport.remoteAddress ?? null,
    startedAt: connection?.startedAt ?? null,
    lastReceivedAt: connection?.stream.lastReceivedAt ?? null,
    waiting: connection?.stream.outbox.bytes ?? null,
  };
}

function closeSessions(sessions: readonly LocalSession[], reason: string | undefined): readonly string[] {
  const closed = sessions.map(({ jid }) => jid.toString());
  for (const session of [...sessions]) {
    if (reason === undefined) session.close();
    else session.close("undefined-condition", reason); // RFC 6120 §4.9.3.21: the text says what is meant
  }
  return closed;
}

function send({ router }: Server, { from, to, body, subject, type }: LetterFromServer): void {
  const children = [...(subject === undefined ? [] : [xml("subject", {}, subject)]), xml("body", {}, body)];
  router.route(buildStanza("message", { from: Jid.parse(from), to, type, id: crypto.randomUUID() }, ...children));
}
