// The server that the clients meet: Rookery, or, to check the tests themselves, a peer.
import type { Road } from "./chatter.js";
import { startProsody } from "./prosody.js";
import { startRookery } from "./rookery.js";

export interface ServerUnderTest {
  readonly domain: string;
  /** Loopback address that all ports are on. */
  readonly host: string;
  readonly ports: Readonly<Record<Road, number>>;
  /** PEM file of the server's own certificate, for clients to trust. */
  readonly certificate: string;
  readonly passwordOf: (user: string) => string;
  stop(): Promise<void>;
}

/** What an account's password is made of: clients get it on command lines, so no blanks. */
export function passwordOf(user: string): string {
  return `${user}-and-a-rose`;
}

/** Starts the server with these accounts, in a temporary folder; INTEROP_SERVER=prosody takes Prosody. */
export async function startServer(users: readonly string[]): Promise<ServerUnderTest> {
  return process.env["INTEROP_SERVER"] === "prosody" ? startProsody(users) : startRookery(users);
}
