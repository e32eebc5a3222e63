// What the bench needs of a server: to be started with a certain number of accounts, and to be stopped again.
import type { ChildProcess } from "node:child_process";
import type { Target, Transport } from "../job.js";

/** What a server is started with. */
export interface Setting {
  /** Empty folder of its own for configuration, data and logs. */
  readonly folder: string;
  /** The XMPP domain of all accounts. */
  readonly domain: string;
  /** Loopback address to listen on, and port for clients. */
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
  /** PEM files. */
  readonly key: string;
  readonly certificate: string;
  /** How many accounts must exist: those that accountName() names from 0 on. */
  readonly accounts: number;
  /** Whether there must be rooms, at `rooms.` and the domain. */
  readonly hasRooms: boolean;
  readonly federation?: Federation;
}

/** What a server of `s2s` knows of the one other server that there is for it. */
export interface Federation {
  /** Port for the partner, on the server's own address. */
  readonly port: number;
  /** PEM file: the authority that has signed both certificates. */
  readonly authority: string;
  /** Stands in for what DNS would say; how a server looks up others is not what is measured. */
  readonly partner: { readonly domain: string; readonly address: string; readonly port: number };
}

/** A program that can be started. */
export interface Server {
  /** Version as the program itself gives it, for the record. */
  version(): Promise<string>;
  /** Starts it; resolves once the process runs, which may be before it listens. */
  start(setting: Setting): Promise<ChildProcess>;
  readonly dialect: Target["dialect"];
  /** A room of more is not filled within reasonable time. */
  readonly mostOccupants?: number;
}

/** Iterations of all stored SCRAM keys: RFC 5802 §5.1 asks for 4096 or more; a server's login costs the same with any. */
export const ITERATIONS = 10_000;
